// Models to evaluate: checkpoints by run and step, and quantizations beside each other.
import type { EvaluationModel } from '../../../../core/api/evaluation-runs.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { formatCount, formatDiskSize } from '../../../ui/format.ts';
import styles from './local.module.css';
import { modelWords } from './run-words.ts';

export function ChooseModels(props: {
  readonly models: readonly EvaluationModel[];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}) {
  const { models, chosen, onChange } = props;
  const sorted = models.toSorted(
    (a, b) =>
      (a.run?.id ?? '').localeCompare(b.run?.id ?? '') ||
      (a.run?.step ?? 0) - (b.run?.step ?? 0) ||
      b.sizeBytes - a.sizeBytes,
  );
  const ready = sorted.filter(({ problem }) => problem === null);
  const isAll = ready.length > 0 && ready.every(({ path }) => chosen.has(path));
  return (
    <fieldset className={styles['group']}>
      <legend>Models</legend>
      {sorted.length === 0 ? (
        <p className={styles['quiet']}>
          There is no GGUF file in this workspace yet. Convert a checkpoint, or copy one to models/.
        </p>
      ) : null}
      {ready.length > 1 ? (
        <Checkbox
          isSelected={isAll}
          isIndeterminate={!isAll && chosen.size > 0}
          onChange={(next) => onChange(new Set(next ? ready.map(({ path }) => path) : []))}
        >
          All models
        </Checkbox>
      ) : null}
      <ul className={styles['rows']} aria-label="Models">
        {sorted.map((model) => (
          <li key={model.path}>
            <Checkbox
              isSelected={chosen.has(model.path)}
              isDisabled={model.problem !== null}
              onChange={(next) => {
                const changed = new Set(chosen);
                if (next) changed.add(model.path);
                else changed.delete(model.path);
                onChange(changed);
              }}
            >
              {modelWords(model.path)}
            </Checkbox>
            <span className={styles['facts']} title={model.path}>
              {factsOf(model)}
            </span>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function factsOf({ type, sizeBytes, run, path, problem }: EvaluationModel): string {
  if (problem !== null) return problem;
  const tokens = run?.tokens == null ? '' : `${formatCount(run.tokens)} tokens`;
  return [type ?? '', formatDiskSize(sizeBytes), tokens, run === null ? path : '']
    .filter((part) => part !== '')
    .join(' · ');
}
