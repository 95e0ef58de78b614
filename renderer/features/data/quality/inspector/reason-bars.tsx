// Why FineWeb-2 removed the documents of a cell: its filter reasons as bars, the most frequent first. A click shows their documents.
import type { BoardCell } from '../../../../../core/api/quality.ts';
import { formatInteger } from '../../../../ui/format.ts';
import { percentText } from '../lab/figures.ts';
import { shareOf } from '../lab/language-rows.ts';
import styles from './reason-bars.module.css';

const SHOWN = 8;

export function ReasonBars(props: {
  readonly cell: BoardCell;
  readonly chosen: string | null;
  onChoose(reason: string | null): void;
}) {
  const { cell, chosen } = props;
  const given = cell.reasons.filter(({ reason }) => reason !== null);
  if (given.length === 0) return null;
  const shown = given.slice(0, SHOWN);
  const rest = given.slice(SHOWN).reduce((sum, { documents }) => sum + documents, 0);
  return (
    <table className={styles['table']}>
      <caption className="visually-hidden">Filter reasons of the cell</caption>
      <tbody>
        {shown.map(({ reason, documents, tokens }) => {
          const share = shareOf(documents, cell.documents) ?? 0;
          return (
            <tr
              key={reason}
              title={`${reason}: ${formatInteger(documents)} documents${tokens === null ? '' : `, ${formatInteger(tokens)} tokens`}`}
            >
              <th scope="row">
                <button
                  type="button"
                  className={styles['reason']}
                  aria-pressed={reason === chosen}
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
  );
}
