// The 2×2 board: what FineWeb-2 and these thresholds keep and remove, documents and tokens in each cell.
// Choosing a cell is what the rest of the inspector follows. Without a kept flag it has one row.
import type { Board as BoardData, BoardCell } from '../../../../../core/api/quality.ts';
import { formatCount, formatInteger } from '../../../../ui/format.ts';
import { CopyButton } from '../../../../ui/copy-button.tsx';
import { toMarkdownTable } from '../../../../ui/data-table.tsx';
import { percentText } from '../lab/figures.ts';
import { shareOf } from '../lab/language-rows.ts';
import type { Cell } from '../lab/link.ts';
import { cellName, isSameCell } from './cells.ts';
import styles from './board.module.css';

export interface BoardProps {
  readonly board: BoardData;
  readonly chosen: Cell;
  readonly isStale: boolean;
  onChoose(cell: Cell): void;
}

export function Board({ board, chosen, isStale, onChoose }: BoardProps) {
  const { cells } = board;
  const documents = cells.reduce((sum, cell) => sum + cell.documents, 0);
  const tokens = cells.some((cell) => cell.tokens === null)
    ? null
    : cells.reduce((sum, cell) => sum + (cell.tokens ?? 0), 0);
  const rows: readonly Cell['fw2'][] = cells.some(({ fw2 }) => fw2 !== null) ? ['kept', 'removed'] : [null];
  return (
    <div className={styles['wrap']} data-stale={isStale || undefined}>
      <table className={styles['board']}>
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
          {rows.map((fw2) => (
            <tr key={fw2}>
              <th scope="row">{fw2 === null ? 'All' : fw2 === 'kept' ? 'FW2 keeps' : 'FW2 removes'}</th>
              {(['kept', 'removed'] as const).map((jql) => {
                const cell = cells.find((candidate) => isSameCell(candidate, { fw2, jql }));
                return (
                  <td key={jql}>
                    {cell ? (
                      <CellButton
                        cell={cell}
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
      <p className={styles['note']}>
        {`${formatCount(documents)} documents · tokens: ${board.tokenLabel}`}
        <CopyButton text={asMarkdown(board, documents, tokens)} label="Copy the board as Markdown" iconOnly />
      </p>
    </div>
  );
}

function CellButton(props: {
  readonly cell: BoardCell;
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
      className={styles['cell']}
      aria-pressed={isChosen}
      aria-label={`${cellName(cell)}: ${formatInteger(cell.documents)} documents, ${share}; ${cell.tokens === null ? 'tokens not known' : `${formatInteger(cell.tokens)} tokens, ${tokenShare}`}`}
      onClick={props.onChoose}
    >
      <strong>{share}</strong>
      <span>{`${formatCount(cell.documents)} docs`}</span>
      <span>{cell.tokens === null ? 'tokens not known' : `${formatCount(cell.tokens)} tokens`}</span>
      {cell.tokens === null ? null : <span>{`${tokenShare} of tokens`}</span>}
    </button>
  );
}

function asMarkdown(board: BoardData, documents: number, tokens: number | null): string {
  return toMarkdownTable(
    ['Cell', 'Documents', 'Documents %', `Tokens (${board.tokenLabel})`, 'Tokens %'],
    board.cells.map((cell) => [
      cellName(cell),
      cell.documents,
      percentText(shareOf(cell.documents, documents)),
      cell.tokens ?? '–',
      percentText(shareOf(cell.tokens, tokens)),
    ]),
  );
}
