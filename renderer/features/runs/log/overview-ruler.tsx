// Beside the scroll bar: where in the whole log errors and matches lie.
import type { LogState, LogTrouble } from '../../../../core/api/logs.ts';
import styles from './overview-ruler.module.css';

/** More marks than this are one red bar. */
const MAX_MARKS = 200;

export function OverviewRuler({
  state,
  troubles,
  density,
  onGo,
}: {
  readonly state: LogState | null;
  readonly troubles: readonly LogTrouble[];
  /** Matches in equal parts of the file. */
  readonly density: readonly number[];
  readonly onGo: (line: number) => void;
}) {
  if (!state?.isComplete || state.lines === 0 || (troubles.length === 0 && density.length === 0)) return null;
  const { lines } = state;
  return (
    <div
      className={styles['ruler']}
      aria-hidden
      onPointerDown={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        onGo(Math.round(((event.clientY - box.top) / box.height) * (lines - 1)));
      }}
    >
      {density.map((count, part) =>
        count === 0 ? null : (
          <span
            // oxlint-disable-next-line react/no-array-index-key
            key={`m${part}`}
            className={styles['matchMark']}
            style={{ top: `${(part / density.length) * 100}%` }}
          />
        ),
      )}
      {troubles.slice(0, MAX_MARKS).map((trouble) => (
        <span
          key={`${trouble.line} ${trouble.title}`}
          className={styles['troubleMark']}
          style={{ top: `${(trouble.line / lines) * 100}%` }}
        />
      ))}
    </div>
  );
}
