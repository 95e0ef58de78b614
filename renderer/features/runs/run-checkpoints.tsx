// The checkpoints of a run, newest first: step, tokens, size, whole or not. The chosen one shows its facts and its path.
import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import type { Checkpoint, CheckpointList } from '../../../core/api/checkpoints.ts';
import type { Run } from '../../../core/api/runs.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { href, navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatAge, formatCount, formatDateTime, formatDiskSize, formatInteger } from '../../ui/format.ts';
import { Section } from '../../ui/pane.tsx';
import { PropertyList } from '../../ui/property-list.tsx';
import styles from './run-checkpoints.module.css';
import { isLive } from './run-state.tsx';

/** As often as a target is asked. */
const REFRESH_MS = 30_000;
/** The newest; a run of months has hundreds. */
const SHOWN = 12;

export function useCheckpoints(run: Run | null): CheckpointList | null {
  const client = useClient();
  const list = useQuery({
    queryKey: queryKeys.checkpoints(run?.id ?? ''),
    enabled: run !== null,
    refetchInterval: run !== null && isLive(run) ? REFRESH_MS : false,
    queryFn: ({ signal }) => (run === null ? null : client.checkpoints.list({ id: run.id }, { signal })),
  });
  return list.data ?? null;
}

/** Opens a checkpoint in the inspector, whatever else is laid over the run. */
export function openCheckpoint(run: Run, name: string | null, query: URLSearchParams): void {
  const kept = Object.fromEntries([...query].filter(([key]) => key !== 'checkpoint' && key !== 'finding'));
  navigate(href('runs', run.id, { ...kept, ...(name === null ? {} : { checkpoint: name }) }), {
    replace: true,
  });
}

export function RunCheckpoints({ run, query }: { readonly run: Run; readonly query: URLSearchParams }) {
  const list = useCheckpoints(run);
  const chosenName = query.get('checkpoint');
  if (list === null || (list.folders.length === 0 && list.checkpoints.length === 0)) return null;
  const newestFirst = list.checkpoints.toReversed();
  const chosen = newestFirst.find(({ name }) => name === chosenName) ?? null;
  const shown = newestFirst.slice(0, SHOWN);
  if (chosen !== null && !shown.includes(chosen)) shown.push(chosen);
  const hidden = newestFirst.length - shown.length;
  return (
    <Section title="Checkpoints" aside={list.lookedMs === null ? '' : `looked ${formatAge(list.lookedMs)}`}>
      {newestFirst.length === 0 ? <p className={styles['none']}>None yet in {list.folders[0]}</p> : null}
      <ul className={styles['list']} aria-label="Checkpoints">
        {shown.map((checkpoint) => (
          <li key={checkpoint.name}>
            <Button
              className={styles['row'] ?? ''}
              aria-expanded={checkpoint === chosen}
              aria-label={`Checkpoint ${formatInteger(checkpoint.step)}${checkpoint.problem === null ? '' : ', not whole'}`}
              data-problem={checkpoint.problem === null ? undefined : 'yes'}
              onPress={() => openCheckpoint(run, checkpoint === chosen ? null : checkpoint.name, query)}
            >
              <span className={styles['step']}>{formatInteger(checkpoint.step)}</span>
              <span>{checkpoint.tokens === null ? '' : `${formatCount(checkpoint.tokens)} tokens`}</span>
              <span className={styles['end']}>{standing(checkpoint)}</span>
            </Button>
            {checkpoint === chosen ? <CheckpointFacts checkpoint={checkpoint} run={run} /> : null}
          </li>
        ))}
      </ul>
      {hidden > 0 ? <p className={styles['none']}>{`and ${hidden} older ones`}</p> : null}
      {list.problem === null ? null : <p className={styles['none']}>{list.problem}</p>}
    </Section>
  );
}

function standing({ problem, isLatest, sizeBytes }: Checkpoint): string {
  if (problem !== null) return 'not whole';
  const size = sizeBytes === null ? '' : formatDiskSize(sizeBytes);
  return isLatest ? `${size} · latest` : size;
}

function CheckpointFacts({ checkpoint, run }: { readonly checkpoint: Checkpoint; readonly run: Run }) {
  const { step, problem, tokens, topology, savedMs, sizeBytes, files, path, layout } = checkpoint;
  const where = run.target === 'this-computer' ? 'this computer' : run.target;
  return (
    <div className={styles['facts']}>
      {problem === null ? null : <p className={styles['problem']}>Not whole: {problem}</p>}
      <PropertyList
        properties={[
          { name: 'Step', value: formatInteger(step) },
          { name: 'Format', value: layout === 'nanotron' ? 'Nanotron' : 'Hugging Face' },
          ...(tokens === null ? [] : [{ name: 'Tokens', value: formatInteger(tokens) }]),
          ...(topology === null ? [] : [{ name: 'Saved by', value: topology }]),
          ...(sizeBytes === null
            ? []
            : [
                { name: 'Size', value: `${formatDiskSize(sizeBytes)} in ${formatInteger(files ?? 0)} files` },
              ]),
          ...(savedMs === null ? [] : [{ name: 'Last written', value: formatDateTime(savedMs) }]),
          { name: 'On', value: where },
        ]}
      />
      <code className={styles['path']}>{path}</code>
      <CopyButton text={path} label="Copy path" />
    </div>
  );
}
