// The grid: prompts down, models across, one mark an answer. Enter opens a cell beside, Shift+Enter compares with it, Space peeks.
// Marks differ in shape, not only in colour.
import { type ReactNode, useRef, useState } from 'react';
import type { SuiteModel, SuiteTable } from '../../../../core/api/suites.ts';
import { href } from '../../../app/route.ts';
import { CellGrid, GridHeadRow, type GridRow, rowProps } from '../../../ui/cell-grid.tsx';
import { cellId, cellProps, type Spot } from '../../../ui/cell-grid-spot.ts';
import { formatQuantity, formatShare } from '../../../ui/format.ts';
import { CellPeek } from './cell-peek.tsx';
import { marksInWords } from './grid-rows.ts';
import { type Cell, moveInSuite, type SuitePlace } from './place.ts';
import styles from './suite-grid.module.css';

/** Name of the grid. */
const GRID = 'suite';
const ROW_PX = 30;
const PROMPT_PX = 240;
/** Moving over cells on the way to another shows nothing. */
const PEEK_DELAY_MS = 350;

export interface SuiteMarksProps {
  readonly name: string;
  readonly table: SuiteTable;
  readonly place: SuitePlace;
  /** Indices of the prompts that are shown. */
  readonly rows: readonly number[];
}

interface Peek {
  readonly cell: Cell;
  readonly box: DOMRect;
}

export function SuiteMarks({ name, table, place, rows }: SuiteMarksProps) {
  const { prompts, models, samplers } = table;
  const [peek, setPeek] = useState<Peek | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const forget = () => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  };
  const cellAt = ({ row, column }: Spot): Cell | null => {
    const prompt = prompts[rows[row] ?? -1];
    const model = models[column];
    return prompt && model ? { prompt: prompt.id, model: model.path } : null;
  };
  const choose = (at: Spot, compares: boolean) => {
    const cell = cellAt(at);
    if (cell === null) return;
    forget();
    setPeek(null);
    moveInSuite(name, compares && place.cell !== null ? { other: cell } : { cell, other: null });
  };
  const showPeek = (at: Spot, box: DOMRect | undefined) => {
    const cell = cellAt(at);
    if (cell !== null && box !== undefined) setPeek({ cell, box });
  };
  const onKey = (key: string, at: Spot): boolean => {
    if (key === ' ') {
      forget();
      const cell = cellAt(at);
      if (cell !== null && isCell(peek?.cell ?? null, cell.prompt, cell.model)) setPeek(null);
      else showPeek(at, document.getElementById(cellId(GRID, at))?.getBoundingClientRect());
    } else if (key === 'Escape' && peek !== null) setPeek(null);
    else return false;
    return true;
  };
  const drawRow = ({ index, top, spotColumn }: GridRow) => {
    const prompt = prompts[rows[index] ?? -1];
    if (!prompt) return null;
    return (
      <div key={prompt.id} {...rowProps(index, top)}>
        <div className={styles['prompt']} role="rowheader" title={prompt.words}>
          <strong>{prompt.id}</strong>
          <span>{prompt.words}</span>
        </div>
        {models.map((model, column) => {
          const marks = model.marks[rows[index] ?? -1] ?? '';
          const own = { row: index, column };
          const isOther = isCell(place.other, prompt.id, model.path);
          return (
            <div
              key={model.path}
              {...cellProps(GRID, own, spotColumn === column)}
              role="gridcell"
              tabIndex={-1}
              aria-colindex={column + 2}
              aria-label={`${prompt.id}, ${model.name}: ${marksInWords(marks, samplers)}`}
              aria-selected={isOther || isCell(place.cell, prompt.id, model.path)}
              className={styles['cell']}
              data-other={isOther ? '' : undefined}
              onPointerEnter={(event) => {
                const box = event.currentTarget.getBoundingClientRect();
                forget();
                timer.current = setTimeout(() => showPeek(own, box), PEEK_DELAY_MS);
              }}
              onPointerLeave={forget}
            >
              {samplers.map((sampler, at) => (
                <Mark key={sampler} letter={marks.charAt(at)} />
              ))}
            </div>
          );
        })}
      </div>
    );
  };
  return (
    <>
      <CellGrid
        label="Answers"
        name={GRID}
        rows={rows.length}
        columns={models.length}
        allColumns={models.length + 1}
        rowPx={ROW_PX}
        template={`minmax(${PROMPT_PX}px, 1fr) repeat(${models.length}, 92px)`}
        firstColumnPx={PROMPT_PX}
        head={() => (
          <GridHeadRow>
            <div className={styles['corner']} role="columnheader">
              Prompt
            </div>
            {models.map((model, column) => (
              <ModelHead
                key={model.path}
                model={model}
                before={models[column - 1]}
                total={prompts.length * samplers.length}
              />
            ))}
          </GridHeadRow>
        )}
        row={drawRow}
        onPress={(at, { shiftKey, altKey }) => choose(at, shiftKey || altKey)}
        onKey={onKey}
        onMove={() => setPeek(null)}
        onScroll={() => setPeek(null)}
        onPointerLeave={() => {
          forget();
          setPeek(null);
        }}
      />
      {peek === null ? null : (
        <CellPeek
          key={`${peek.cell.prompt} ${peek.cell.model}`}
          name={name}
          cell={peek.cell}
          box={peek.box}
        />
      )}
    </>
  );
}

function ModelHead({
  model,
  before,
  total,
}: {
  readonly model: SuiteModel;
  readonly before: SuiteModel | undefined;
  readonly total: number;
}) {
  const score = model.measures.find(({ kind }) => kind === 'score');
  const isNewRun = model.run !== null && model.run.id !== before?.run?.id;
  const about: ReactNode = model.exists ? <a href={href('models', model.path)}>{model.name}</a> : model.name;
  return (
    <div
      className={styles['model']}
      role="columnheader"
      title={`${model.path}${model.exists ? '' : ' (the file is gone)'} · ${formatQuantity(model.answers, 'answer')}`}
    >
      <span className={styles['run']}>{isNewRun ? model.run?.id : ' '}</span>
      <span className={styles['name']}>{about}</span>
      <span className={styles['share']}>
        {score === undefined ? '–' : formatShare(score.value)}
        <span className={styles['type']}>
          {model.answers < total ? `of ${model.answers}` : (model.type?.toLowerCase() ?? '')}
        </span>
      </span>
    </div>
  );
}

const signs: Readonly<Record<string, string>> = { p: '✓', f: '✕', u: '○' };

export function Mark({ letter }: { readonly letter: string }) {
  return (
    <span className={styles['mark']} data-mark={letter} aria-hidden>
      {signs[letter] ?? '·'}
    </span>
  );
}

const isCell = (cell: Cell | null, prompt: string, model: string): boolean =>
  cell !== null && cell.prompt === prompt && cell.model === model;
