// The filmstrip: one row a step, one cell a turn, each with a sign and a colour for how its answer stands to the one it is compared
// with. Arrow keys walk through steps and turns, and the answers beside follow.
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { ReplayGrid, ReplayStep } from '../../../../core/api/replay.ts';
import { type MarkKind, markText } from '../../../../core/lib/replay/marks.ts';
import { formatCount, formatInteger, formatQuantity } from '../../../ui/format.ts';
import styles from './replay.module.css';

export interface Cell {
  readonly step: number;
  readonly turn: number;
}

export interface FilmstripProps {
  readonly grid: ReplayGrid;
  readonly questions: readonly string[];
  readonly chosen: Cell | null;
  readonly onChoose: (cell: Cell) => void;
  readonly onReference: (step: number) => void;
}

const signs: Readonly<Record<MarkKind, string>> = {
  reference: '●',
  same: '●',
  alone: '●',
  parts: '◐',
  loops: '∞',
  empty: '∅',
};

export const legend: readonly { readonly kind: MarkKind; readonly words: string }[] = [
  { kind: 'same', words: 'same answer' },
  { kind: 'parts', words: 'parts on the way' },
  { kind: 'loops', words: 'goes round in circles' },
  { kind: 'empty', words: 'empty' },
];

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function Filmstrip({ grid, questions, chosen, onChoose, onReference }: FilmstripProps) {
  const own = useRef<HTMLTableElement>(null);
  const hasFocus = () => own.current?.contains(document.activeElement) ?? false;
  useEffect(() => {
    if (chosen === null || !hasFocus()) return;
    own.current?.querySelector<HTMLElement>('[data-chosen="true"]')?.focus();
  }, [chosen]);
  const walk = (event: KeyboardEvent, from: Cell) => {
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const row = grid.steps.findIndex(({ step }) => step === from.step) + move[0];
    const turn = from.turn + move[1];
    const target = grid.steps[row];
    if (target !== undefined && turn >= 0 && turn < questions.length) {
      onChoose({ step: target.step, turn });
    }
  };
  const first = chosen ?? { step: grid.steps[0]?.step ?? 0, turn: 0 };
  return (
    <table ref={own} className={styles['film']}>
      <caption className="visually-hidden">{summaryOf(grid)}</caption>
      <thead>
        <tr>
          <th scope="col">Step</th>
          {questions.map((question, turn) => (
            // Turns of a conversation stand where they stand.
            // oxlint-disable-next-line react/no-array-index-key
            <th key={turn} scope="col" title={question}>
              {turn + 1}
            </th>
          ))}
          <th scope="col" aria-label="Model" />
        </tr>
      </thead>
      <tbody>
        {grid.steps.map((row) => (
          <tr key={row.step} data-reference={row.step === grid.reference || undefined}>
            <th scope="row">
              <button
                type="button"
                className={styles['step']}
                title={`${formatInteger(row.step)}: compare the others with this step`}
                aria-pressed={row.step === grid.reference}
                onClick={() => onReference(row.step)}
              >
                {formatCount(row.step)}
              </button>
            </th>
            {questions.map((question, turn) => {
              const isChosen = chosen?.step === row.step && chosen.turn === turn;
              const cell = row.cells[turn] ?? null;
              return (
                // oxlint-disable-next-line react/no-array-index-key
                <td key={turn}>
                  <button
                    type="button"
                    className={styles['cell']}
                    data-kind={cell?.mark.kind ?? 'waiting'}
                    data-chosen={isChosen}
                    tabIndex={first.step === row.step && first.turn === turn ? 0 : -1}
                    aria-label={cellLabel(row, turn)}
                    title={`${question}\n${cell === null ? 'Not asked yet' : `${markText(cell.mark)}\n${cell.beginning}`}`}
                    onClick={() => onChoose({ step: row.step, turn })}
                    onKeyDown={(event) => walk(event, { step: row.step, turn })}
                  >
                    {cell === null ? '·' : signs[cell.mark.kind]}
                  </button>
                </td>
              );
            })}
            <td className={styles['model']} title={row.problem ?? row.modelPath ?? ''}>
              {row.problem !== null ? (
                <span className={styles['bad']}>{row.problem}</span>
              ) : row.modelPath === null ? (
                'no model here'
              ) : (
                (row.quantization ?? '')
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cellLabel(row: ReplayStep, turn: number): string {
  const cell = row.cells[turn] ?? null;
  const words = cell === null ? 'not asked yet' : markText(cell.mark);
  return `Step ${formatInteger(row.step)}, turn ${turn + 1}: ${words}`;
}

function summaryOf({ steps, reference, answered, wanted }: ReplayGrid): string {
  const against = reference === null ? '' : `, compared with step ${formatInteger(reference)}`;
  return `${formatQuantity(steps.length, 'step')}, ${formatInteger(answered)} of ${formatQuantity(wanted, 'answer')}${against}`;
}
