// Why FineWeb-2 removed the documents of a cell: its filter reasons as bars, the most frequent first. A click shows their documents.
import type { BoardCell } from '../../../../../core/api/quality.ts';
import { FigureFrame } from '../../../../charts/figure-frame.tsx';
import { inColumn } from '../../../../charts/mark-steps.ts';
import { useMarks } from '../../../../charts/use-marks.ts';
import { formatInteger } from '../../../../ui/format.ts';
import { percentText } from '../lab/figures.ts';
import { shareOf } from '../lab/language-rows.ts';
import { cellName } from './cells.ts';
import styles from './reason-bars.module.css';

const SHOWN = 8;

export function ReasonBars(props: {
  readonly cell: BoardCell;
  readonly chosen: string | null;
  onChoose(reason: string | null): void;
}) {
  const { cell, chosen } = props;
  const given = cell.reasons.filter(({ reason }) => reason !== null);
  const shown = given.slice(0, SHOWN);
  const rest = given.slice(SHOWN).reduce((sum, { documents }) => sum + documents, 0);
  const marks = useMarks(inColumn(shown.length));
  const percentOf = (documents: number) => 100 * (shareOf(documents, cell.documents) ?? 0);
  const name = cellName(cell);
  if (given.length === 0) return <h3 className={styles['name']}>{name}</h3>;
  return (
    <FigureFrame
      name={`Filter reasons, ${name}`}
      title={name}
      aside="why FW2 removed"
      summary={`Filter reasons of ${formatInteger(cell.documents)} documents: ${shown.map(({ reason, documents }) => `${reason} ${percentOf(documents).toFixed(0)} %`).join(', ')}`}
      numbers={() => ({
        header: ['Filter reason', 'Documents', 'Documents (%)', 'Tokens'],
        rows: given.map(({ reason, documents, tokens }) => [reason, documents, percentOf(documents), tokens]),
        format: (value, column) => (column === 2 ? value.toFixed(1) : formatInteger(value)),
      })}
    >
      <table className={styles['table']} {...marks.group}>
        <caption className="visually-hidden">Filter reasons of the cell</caption>
        {/* A caption out of the flow stands for a first row, so widths of cells are not asked. */}
        <colgroup>
          <col className={styles['reasons']} />
          <col />
          <col className={styles['share']} />
        </colgroup>
        <tbody>
          {shown.map(({ reason, documents, tokens }, index) => {
            const share = shareOf(documents, cell.documents) ?? 0;
            const said = `${reason}: ${formatInteger(documents)} documents${tokens === null ? '' : `, ${formatInteger(tokens)} tokens`}`;
            return (
              <tr key={reason} title={said}>
                <th scope="row">
                  <button
                    type="button"
                    {...marks.mark(index)}
                    className={styles['reason']}
                    aria-pressed={reason === chosen}
                    aria-label={`${said}, ${percentText(share, 0)}`}
                    onClick={() => props.onChoose(reason === chosen ? null : reason)}
                  >
                    {reason}
                  </button>
                </th>
                <td aria-hidden="true">
                  <span className={styles['track']}>
                    <span className={styles['bar']} style={{ width: `${100 * share}%` }} />
                  </span>
                </td>
                <td className={styles['number']}>{percentText(share, 0)}</td>
              </tr>
            );
          })}
          {rest > 0 ? (
            <tr>
              <th scope="row">{`${given.length - SHOWN} more`}</th>
              <td aria-hidden="true">…</td>
              <td className={styles['number']}>{percentText(shareOf(rest, cell.documents), 0)}</td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </FigureFrame>
  );
}
