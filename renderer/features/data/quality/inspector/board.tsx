// The 2×2 board: what FineWeb-2 and these thresholds keep and remove, documents and tokens in each cell.
// Choosing a cell is what the rest of the inspector follows. Without a kept flag it has one row.
import type { Board as BoardData, BoardCell } from '../../../../../core/api/quality.ts';
import type { FigureTable } from '../../../../../core/lib/figures/figure-table.ts';
import { FigureFrame } from '../../../../charts/figure-frame.tsx';
import { type MarkProps, useMarks } from '../../../../charts/use-marks.ts';
import { formatCount, formatInteger } from '../../../../ui/format.ts';
import { percentText } from '../lab/figures.ts';
import { shareOf } from '../lab/language-rows.ts';
import type { Cell } from '../lab/link.ts';
import { cellName, isSameCell } from './cells.ts';
import styles from './board.module.css';

export interface BoardProps {
  readonly board: BoardData;
  /** What the documents are of: a language, or all. */
  readonly where: string;
  readonly chosen: Cell;
  readonly isStale: boolean;
  onChoose(cell: Cell): void;
}

export function Board({ board, where, chosen, isStale, onChoose }: BoardProps) {
  const { cells } = board;
  const documents = cells.reduce((sum, cell) => sum + cell.documents, 0);
  const tokens = cells.some((cell) => cell.tokens === null)
    ? null
    : cells.reduce((sum, cell) => sum + (cell.tokens ?? 0), 0);
  const rows: readonly Cell['fw2'][] = cells.some(({ fw2 }) => fw2 !== null) ? ['kept', 'removed'] : [null];
  const marks = useMarks(rows.flatMap((_, row) => [0, 1].map((column) => ({ row, column }))));
  const summary = cells
    .map((cell) => `${cellName(cell)} ${percentText(shareOf(cell.documents, documents))}`)
    .join('; ');
  return (
    <div className={styles['wrap']} data-stale={isStale || undefined}>
      <FigureFrame
        name={`Kept and removed, ${where}`}
        title=""
        aside={`${formatCount(documents)} ${documents === 1 ? 'document' : 'documents'} · tokens: ${board.tokenLabel}`}
        summary={`Of ${formatInteger(documents)} documents, ${where}: ${summary}`}
        numbers={() => numbersOf(board, documents, tokens)}
        isTableItself
      >
        <table className={styles['board']} {...marks.group}>
          <caption className="visually-hidden">Documents and tokens kept and removed</caption>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">FineWeb-2</span>
              </th>
              <th scope="col">JQL keeps</th>
              <th scope="col">JQL removes</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((fw2, row) => (
              <tr key={fw2}>
                <th scope="row">{fw2 === null ? 'All' : fw2 === 'kept' ? 'FW2 keeps' : 'FW2 removes'}</th>
                {(['kept', 'removed'] as const).map((jql, column) => {
                  const cell = cells.find((candidate) => isSameCell(candidate, { fw2, jql }));
                  return (
                    <td key={jql}>
                      {cell ? (
                        <CellButton
                          cell={cell}
                          mark={marks.mark(2 * row + column)}
                          documents={documents}
                          tokens={tokens}
                          isChosen={isSameCell(cell, chosen)}
                          onChoose={() => onChoose({ fw2, jql })}
                        />
                      ) : null}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </FigureFrame>
    </div>
  );
}

function CellButton(props: {
  readonly cell: BoardCell;
  readonly mark: MarkProps;
  readonly documents: number;
  readonly tokens: number | null;
  readonly isChosen: boolean;
  onChoose(): void;
}) {
  const { cell, documents, tokens, isChosen } = props;
  const share = percentText(shareOf(cell.documents, documents));
  const tokenShare = percentText(shareOf(cell.tokens, tokens));
  return (
    <button
      type="button"
      {...props.mark}
      className={styles['cell']}
      aria-pressed={isChosen}
      aria-label={`${cellName(cell)}: ${formatInteger(cell.documents)} documents, ${share}; ${cell.tokens === null ? 'tokens not known' : `${formatInteger(cell.tokens)} tokens, ${tokenShare}`}`}
      onClick={props.onChoose}
    >
      <strong>{share}</strong>
      <span>{`${formatCount(cell.documents)} ${cell.documents === 1 ? 'doc' : 'docs'}`}</span>
      <span>{cell.tokens === null ? 'tokens not known' : `${formatCount(cell.tokens)} tokens`}</span>
      {cell.tokens === null ? null : <span>{`${tokenShare} of tokens`}</span>}
    </button>
  );
}

function numbersOf(board: BoardData, documents: number, tokens: number | null): FigureTable {
  return {
    header: ['Cell', 'Documents', 'Documents (%)', `Tokens (${board.tokenLabel})`, 'Tokens (%)'],
    rows: board.cells.map((cell) => [
      cellName(cell),
      cell.documents,
      percentOf(cell.documents, documents),
      cell.tokens,
      percentOf(cell.tokens, tokens),
    ]),
    format: (value, column) => (column % 2 === 0 ? value.toFixed(1) : formatInteger(value)),
  };
}

function percentOf(part: number | null, whole: number | null): number | null {
  const share = shareOf(part, whole);
  return share === null ? null : 100 * share;
}
