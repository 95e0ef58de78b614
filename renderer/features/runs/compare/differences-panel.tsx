// Beside the curves of compared runs: where each parts from the first, and what their configs have different.
import { useEffect, useState } from 'react';
import type { KeyChange } from '../../../../core/lib/config/compare/key-changes.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { axisValue, readout } from '../../../charts/number-labels.ts';
import { href } from '../../../app/route.ts';
import type { RunConfig } from '../curves/use-run-configs.ts';
import styles from './compare.module.css';
import type { RunParting } from './use-partings.ts';

/** The rest is one click away in the config desk. */
const MAX_CHANGES = 40;

export interface DifferencesPanelProps {
  readonly base: string;
  readonly others: readonly string[];
  readonly nameOf: (id: string) => string;
  readonly runs: readonly Run[];
  readonly configs: ReadonlyMap<string, RunConfig>;
  readonly partings: readonly RunParting[];
  /** Name of the metric that is compared. */
  readonly metric: string;
}

export function DifferencesPanel(props: DifferencesPanelProps) {
  const { base, others, nameOf, partings, metric } = props;
  return (
    <aside className={styles['panel']} aria-label="Differences">
      {others.map((id) => (
        <section key={id} aria-label={`${nameOf(id)} against ${nameOf(base)}`}>
          <h4>{`${nameOf(id)} against ${nameOf(base)}`}</h4>
          <p>
            {partingSentence(
              partings.find((one) => one.id === id),
              metric,
            )}
          </p>
          <ConfigChanges {...props} id={id} />
        </section>
      ))}
    </aside>
  );
}

export function partingSentence(found: RunParting | undefined, metric: string): string {
  if (!found) return 'Looking for the step where the curves part…';
  const { parting, unit, step } = found;
  if (!parting) return `Too few points of ${metric} in common to say where the curves part`;
  const place = (x: number) =>
    unit === 'tokens' ? `${axisValue(x)} tokens` : `step ${Math.round(x).toLocaleString('en-US')}`;
  const same = parting.sameUntil === null ? '' : ` The very same values up to ${place(parting.sameUntil)}.`;
  if (parting.x === null)
    return `${metric} does not part up to ${place(parting.to)}: the smoothed difference stays within the noise.${same}`;
  const at =
    unit === 'tokens' && step !== null
      ? `${place(parting.x)} (step ${Math.round(step).toLocaleString('en-US')})`
      : place(parting.x);
  const apart = parting.atEnd > 0 ? `${readout(parting.atEnd)} lower` : `${readout(-parting.atEnd)} higher`;
  return `${metric} parts at ${at}, ± ${axisValue(parting.span)} ${unit}; at the end it is ${apart}.${same}`;
}

function ConfigChanges({ base, id, runs, configs }: DifferencesPanelProps & { readonly id: string }) {
  const before = configs.get(base)?.text;
  const after = configs.get(id)?.text;
  const changes = useConfigChanges(before, after);
  const launched = launchDifferences(
    runs.find((run) => run.id === base),
    runs.find((run) => run.id === id),
  );
  if (before === undefined || after === undefined) {
    const whose =
      before === undefined ? (after === undefined ? 'Neither has' : 'The first has no') : 'It has no';
    return (
      <>
        <ValueList changes={launched} />
        <p>{whose === 'Neither has' ? 'Neither has a config' : `${whose} config`} to compare</p>
      </>
    );
  }
  const rows = changes?.map(rowOf) ?? [];
  const all = [...rows, ...launched];
  return (
    <>
      {changes?.length === 0 ? <p>Their configs say the same</p> : null}
      <ValueList changes={all.slice(0, MAX_CHANGES)} />
      {all.length > MAX_CHANGES ? <p>{`and ${all.length - MAX_CHANGES} more`}</p> : null}
      <a href={href('configs', 'compare', { before: `run:${base}`, after: `run:${id}` })}>
        Compare both configs
      </a>
    </>
  );
}

interface Row {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

function ValueList({ changes }: { readonly changes: readonly Row[] }) {
  return (
    <ul className={styles['changes']}>
      {changes.map(({ path, before, after }) => (
        <li key={path}>
          <span className={styles['path']}>{path}</span>
          <span className={styles['values']}>{`${before} → ${after}`}</span>
        </li>
      ))}
    </ul>
  );
}

function rowOf(change: KeyChange): Row {
  return {
    path: change.path.join('.'),
    before: change.kind === 'added' ? 'not set' : change.before.text,
    after: change.kind === 'removed' ? 'not set' : change.after.text,
  };
}

/** Null until they are worked out. */
function useConfigChanges(
  before: string | undefined,
  after: string | undefined,
): readonly KeyChange[] | null {
  const [changes, setChanges] = useState<readonly KeyChange[] | null>(null);
  useEffect(() => {
    let isCurrent = true;
    setChanges(null);
    if (before === undefined || after === undefined) return;
    void import('../../../../core/lib/config/compare/compare.ts').then(({ compareConfigs }) => {
      if (isCurrent) setChanges(compareConfigs(before, after).changes);
    });
    return () => {
      isCurrent = false;
    };
  }, [before, after]);
  return changes;
}

function launchDifferences(base: Run | undefined, other: Run | undefined): readonly Row[] {
  if (!base || !other) return [];
  const names = [...new Set([...Object.keys(base.parameters), ...Object.keys(other.parameters)])];
  const rows = names.map((name) => ({
    path: `launch.${name}`,
    before: String(base.parameters[name] ?? 'not set'),
    after: String(other.parameters[name] ?? 'not set'),
  }));
  const recipe = { path: 'launch.recipe', before: base.recipe, after: other.recipe };
  return [recipe, ...rows].filter(({ before, after }) => before !== after);
}
