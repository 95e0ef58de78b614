// Which heads: those of the workspace, each with what it takes. A head for vectors of another width says so and cannot be chosen.
import type { HeadSummary } from '../../../../core/api/scoring.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { formatInteger } from '../../../ui/format.ts';
import styles from './scoring.module.css';

export interface HeadChoiceProps {
  readonly heads: readonly HeadSummary[];
  /** Paths. */
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
  /** Values a document of the embedder; null: as many as the heads take, but all the same. */
  readonly width: number | null;
  readonly isDisabled: boolean;
}

export function HeadChoice({ heads, chosen, onChange, width, isDisabled }: HeadChoiceProps) {
  const wanted = width ?? heads.find(({ path }) => chosen.has(path))?.inputs ?? null;
  const fits = ({ inputs }: HeadSummary): boolean => wanted === null || inputs === wanted;
  // Only by the embedder: a list must not jump while a person ticks.
  const sorted =
    width === null
      ? heads
      : heads.toSorted((left, right) => Number(right.inputs === width) - Number(left.inputs === width));
  return (
    <fieldset className={styles['heads']}>
      <legend className={styles['legend']}>Heads</legend>
      {heads.length === 0 ? (
        <p className={styles['hint']}>
          No head in this workspace. Put one here as .safetensors or .ckpt, or train one from labelled
          documents
        </p>
      ) : null}
      {sorted.map((head) => {
        const misfit = fits(head) ? null : misfitText(head, wanted ?? head.inputs, width !== null);
        return (
          <div key={head.path} className={styles['head']}>
            <Checkbox
              isSelected={chosen.has(head.path) && misfit === null}
              isDisabled={isDisabled || misfit !== null}
              onChange={(isSelected) => {
                const next = new Set(chosen);
                if (isSelected) next.add(head.path);
                else next.delete(head.path);
                onChange(next);
              }}
            >
              <span>{head.name}</span>
            </Checkbox>
            <span className={styles['detail']}>
              {misfit ??
                [
                  `${formatInteger(head.inputs)} × ${formatInteger(head.hidden)}`,
                  head.embedder === null ? 'embedder not said' : `over ${head.embedder}`,
                  head.path,
                ].join(' · ')}
            </span>
          </div>
        );
      })}
    </fieldset>
  );
}

function misfitText(head: HeadSummary, wanted: number, isEmbedder: boolean): string {
  const takes = `takes ${formatInteger(head.inputs)} values a document`;
  return isEmbedder
    ? `${takes}, this embedder makes ${formatInteger(wanted)}`
    : `${takes}, the chosen heads ${formatInteger(wanted)}`;
}
