// The names of a chart's series with how each is drawn: a number, a colour and a dash, so that colour never speaks alone.
import { seriesVariable } from './chart-colors.ts';
import styles from './chart-entries.module.css';

/** Solid, then ever other dashes; they repeat later than the colours that are told apart best. */
const DASHES = ['', '6 3', '2 2', '8 2 2 2', '1 3', '10 4', '4 1', '3 3 1 3'] as const;

export const dashOf = (index: number): string => DASHES[index % DASHES.length] ?? '';

export function ChartEntries({
  names,
  lines,
}: {
  readonly names: readonly string[];
  readonly lines: boolean;
}) {
  return (
    <ol className={styles['entries']}>
      {names.map((name, index) => (
        <li key={name} title={name}>
          <svg width={lines ? 26 : 12} height={10} aria-hidden>
            {lines ? (
              <line
                x1={1}
                x2={25}
                y1={5}
                y2={5}
                style={{ stroke: `var(${seriesVariable(index)})` }}
                strokeWidth={2}
                strokeDasharray={dashOf(index)}
              />
            ) : (
              <rect width={12} height={10} style={{ fill: `var(${seriesVariable(index)})` }} />
            )}
          </svg>
          <span>{`${index + 1} ${name}`}</span>
        </li>
      ))}
    </ol>
  );
}
