// A table of numbers with a tint between two ends: every cell shows its number, so that colour never says it alone.
// Sorts by any column; rows that are not one's own stand below, greyed and named. One stop for Tab: arrows go from head to cells.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type CSSProperties, useMemo, useState } from 'react';
import { type MarkProps, useMarks } from '../../../charts/use-marks.ts';
import styles from './heat-table.module.css';

export interface HeatRow {
  readonly name: string;
  /** Said after the name, quieter. */
  readonly aside?: string;
  /** NaN never; null is a dash. */
  readonly values: readonly (number | null)[];
  /** `reference`: of the paper, below one's own and greyed. */
  readonly look: 'own' | 'reference';
}

export interface HeatTableProps {
  readonly label: string;
  /** What the rows are. */
  readonly corner: string;
  readonly columns: readonly { readonly name: string; readonly title?: string; readonly isMean?: boolean }[];
  readonly rows: readonly HeatRow[];
  /** Where the tint begins and ends. */
  readonly scale: readonly [number, number];
  readonly format: (value: number) => string;
  readonly titleOf?: (row: number, column: number) => string | undefined;
  /** Row and column of `rows`; absent where cells open nothing. */
  readonly onChoose?: (row: number, column: number) => void;
  readonly chosen?: readonly [number, number] | null;
}

type Sort = { readonly column: number; readonly isDescending: boolean } | null;

export function HeatTable(props: HeatTableProps) {
  const { label, corner, columns, rows } = props;
  const [sort, setSort] = useState<Sort>(null);
  const order = useMemo(() => ordered(rows, sort), [rows, sort]);
  const opens = props.onChoose !== undefined;
  const places = useMemo(
    () => [
      ...columns.map((_, column) => ({ row: 0, column, index: -1 })),
      ...(opens
        ? order.flatMap((index, place) =>
            columns.flatMap((_, column) =>
              isOpening(rows[index], columns, column) ? [{ row: place + 1, column, index }] : [],
            ),
          )
        : []),
    ],
    [rows, columns, order, opens],
  );
  const marks = useMarks(places);
  const markAt = (row: number, column: number) =>
    marks.mark(places.findIndex((place) => place.index === row && place.column === column));
  const next = (column: number) =>
    setSort(
      sort?.column !== column
        ? { column, isDescending: true }
        : sort.isDescending
          ? { column, isDescending: false }
          : null,
    );
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']} aria-label={label} {...marks.group}>
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {columns.map((column, index) => (
              <th
                key={column.name}
                scope="col"
                title={column.title}
                data-mean={column.isMean ? '' : undefined}
                style={fromRight(columns, index)}
                aria-sort={sort?.column === index ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
              >
                <button type="button" {...marks.mark(index)} onClick={() => next(index)}>
                  {
                    // "avg-13: 4 of 13" in two lines, broken at the colon.
                    column.name.replaceAll(' of ', '\u00a0of\u00a0')
                  }
                  {sort?.column === index ? (
                    sort.isDescending ? (
                      <ArrowDown size={10} aria-hidden />
                    ) : (
                      <ArrowUp size={10} aria-hidden />
                    )
                  ) : null}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {order.map((index) => (
            <Row
              key={`${index} ${rows[index]?.name}`}
              {...props}
              index={index}
              markOf={(column) => markAt(index, column)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Means stay in sight at the right while the languages scroll: how many of them stand after this one. */
function fromRight(columns: HeatTableProps['columns'], column: number): CSSProperties | undefined {
  return columns[column]?.isMean ? ({ '--after': columns.length - 1 - column } as CSSProperties) : undefined;
}

/** One's own numbers open their documents; means and what is not known do not. */
function isOpening(row: HeatRow | undefined, columns: HeatTableProps['columns'], column: number): boolean {
  return row?.look === 'own' && (row.values[column] ?? null) !== null && !columns[column]?.isMean;
}

function Row(
  props: HeatTableProps & { readonly index: number; readonly markOf: (column: number) => MarkProps },
) {
  const { index, rows, columns, scale, format, titleOf, onChoose, chosen, markOf } = props;
  const row = rows[index];
  if (!row) return null;
  return (
    <tr data-look={row.look}>
      <th scope="row" title={row.aside === undefined ? row.name : `${row.name}, ${row.aside}`}>
        {row.name}
        {row.aside === undefined ? null : <span className={styles['aside']}> {row.aside}</span>}
      </th>
      {row.values.map((value, column) => {
        const text = value === null ? '–' : format(value);
        const title = titleOf?.(index, column);
        const tint = { '--tint': `${row.look === 'own' ? tintOf(value, scale) : 0}%` } as CSSProperties;
        return (
          <td
            key={columns[column]?.name ?? column}
            data-mean={columns[column]?.isMean ? '' : undefined}
            style={fromRight(columns, column)}
          >
            {onChoose && isOpening(row, columns, column) ? (
              <button
                type="button"
                {...markOf(column)}
                className={styles['cell']}
                style={tint}
                title={title}
                aria-pressed={chosen?.[0] === index && chosen[1] === column}
                aria-label={`${row.name}, ${columns[column]?.name ?? ''}: ${text}, show the documents`}
                onClick={() => onChoose(index, column)}
              >
                {text}
              </button>
            ) : (
              <span className={styles['cell']} style={tint} title={title}>
                {text}
              </span>
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** One's own rows by the column, then the others as they are. */
function ordered(rows: readonly HeatRow[], sort: Sort): readonly number[] {
  const indexes = rows.map((_, index) => index);
  const own = indexes.filter((index) => rows[index]?.look === 'own');
  const rest = indexes.filter((index) => rows[index]?.look !== 'own');
  if (sort === null) return [...own, ...rest];
  const valueOf = (index: number) => rows[index]?.values[sort.column] ?? Number.NEGATIVE_INFINITY;
  const sign = sort.isDescending ? -1 : 1;
  return [...own.toSorted((a, b) => sign * (valueOf(a) - valueOf(b)) || a - b), ...rest];
}

/** Percent of the tint colour that is mixed in; more than 44 leaves letters below 7:1 in high contrast. */
function tintOf(value: number | null, [low, high]: readonly [number, number]): number {
  if (value === null || high <= low) return 0;
  return Math.round(2 + 42 * Math.min(1, Math.max(0, (value - low) / (high - low))));
}
