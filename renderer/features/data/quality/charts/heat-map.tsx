// A square of numbers with a tint: Spearman between heads. Every cell off the diagonal is a button with its number in it.
import type { CSSProperties } from 'react';
import { useMarks } from '../../../../charts/use-marks.ts';
import styles from './heat-map.module.css';
import { formatFixed } from '../../../../ui/format.ts';

export interface HeatMapProps {
  readonly label: string;
  readonly names: readonly string[];
  /** Row by row; NaN or null where it cannot be computed: shown as a dash, never as 0. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly chosen: readonly [number, number] | null;
  readonly onChoose: (row: number, column: number) => void;
}

/** Below this the tint is at its lightest: heads of one task rarely agree less. */
const TINT_FROM = 0.5;

export function HeatMap({ label, names, values, chosen, onChoose }: HeatMapProps) {
  const places = names.flatMap((_, row) =>
    names.flatMap((__, column) => (row === column ? [] : [{ row, column }])),
  );
  const marks = useMarks(places);
  return (
    <table className={styles['map']} aria-label={label} {...marks.group}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Head</span>
          </th>
          {names.map((name) => (
            <th key={name} scope="col" title={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name, row) => (
          <tr key={name}>
            <th scope="row" title={name}>
              {name}
            </th>
            {names.map((other, column) => {
              const value = values[row]?.[column] ?? null;
              const known = value !== null && !Number.isNaN(value);
              const isChosen = chosen !== null && chosen[0] === row && chosen[1] === column;
              return (
                <td key={other}>
                  <button
                    type="button"
                    className={styles['cell']}
                    style={{ '--tint': `${known ? tintOf(value) : 0}%` } as CSSProperties}
                    aria-pressed={isChosen}
                    disabled={row === column}
                    {...(row === column
                      ? {}
                      : marks.mark(
                          places.findIndex((place) => place.row === row && place.column === column),
                        ))}
                    aria-label={
                      row === column
                        ? `${name} with itself`
                        : `${name} and ${other}: ${known ? formatFixed(value, 4) : 'not known'}, show the joint density`
                    }
                    title={known ? `${name} and ${other}: ρ ${formatFixed(value, 6)}` : undefined}
                    onClick={() => onChoose(row, column)}
                  >
                    {known ? formatFixed(value, 2) : '–'}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Percent of the tint colour that is mixed in; more than 44 leaves letters below 7:1 in high contrast. */
function tintOf(value: number): number {
  return Math.round(6 + 38 * Math.min(1, Math.max(0, (value - TINT_FROM) / (1 - TINT_FROM))));
}
