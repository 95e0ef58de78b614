// The grid: prompts down, models across, one mark an answer. Arrows move, Enter opens a cell beside, Shift+Enter compares with it,
// Space peeks. Marks differ in shape, not only in colour.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import type { SuiteModel, SuiteTable } from '../../../../core/api/suites.ts';
import { href } from '../../../app/route.ts';
import { formatQuantity, formatShare } from '../../../ui/format.ts';
import { Select } from '../../../ui/select.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import { CellPeek } from './cell-peek.tsx';
import { filterTitles, type GridFilter, gridFilters, marksInWords, shownRows } from './grid-rows.ts';
import styles from './suite-grid.module.css';
import { type Cell, moveInSuite, type SuitePlace } from './place.ts';

const ROW_PX = 30;
const EVERYWHERE = '-everywhere-';
/** Moving over cells on the way to another shows nothing. */
const PEEK_DELAY_MS = 350;

export interface SuiteGridProps {
  readonly name: string;
  readonly table: SuiteTable;
  readonly place: SuitePlace;
}

interface Peek {
  readonly cell: Cell;
  readonly box: DOMRect;
}

export function SuiteGrid({ name, table, place }: SuiteGridProps) {
  const { prompts, models, samplers } = table;
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<GridFilter>('all');
  const [domain, setDomain] = useState('');
  const rows = useMemo(() => shownRows(table, { search, filter, domain }), [table, search, filter, domain]);
  const domains = useMemo(() => [...new Set(prompts.flatMap((prompt) => prompt.domain ?? []))], [prompts]);
  return (
    <div className={styles['view']}>
      <div className={styles['tools']}>
        <div className={styles['search']}>
          <SearchField label="Filter prompts" value={search} onChange={setSearch} />
        </div>
        <Select
          label="Prompts"
          isLabelHidden
          choices={gridFilters.map((id) => ({ id, label: filterTitles[id] }))}
          value={filter}
          onChange={setFilter}
        />
        {domains.length > 1 ? (
          <Select
            label="Domain"
            isLabelHidden
            choices={[{ id: EVERYWHERE, label: 'All domains' }, ...domains.map((id) => ({ id, label: id }))]}
            value={domain === '' ? EVERYWHERE : domain}
            onChange={(id) => setDomain(id === EVERYWHERE ? '' : id)}
          />
        ) : null}
        <span className={styles['count']} aria-live="polite">
          {rows.length === prompts.length
            ? formatQuantity(models.length, 'model')
            : `${rows.length} of ${formatQuantity(prompts.length, 'prompt')}`}
        </span>
        <Legend samplers={samplers} />
      </div>
      {rows.length === 0 ? (
        <p className={styles['none']}>No prompt is like this. Change the filter to see the others.</p>
      ) : (
        <Marks name={name} table={table} place={place} rows={rows} />
      )}
    </div>
  );
}

function Legend({ samplers }: { readonly samplers: readonly string[] }) {
  return (
    <span className={styles['legend']}>
      <span>
        <Mark letter="p" /> passes
      </span>
      <span>
        <Mark letter="f" /> fails
      </span>
      <span>
        <Mark letter="u" /> no check
      </span>
      {samplers.length > 1 ? <span>{`one mark each: ${samplers.join(', ')}`}</span> : null}
    </span>
  );
}

const signs: Readonly<Record<string, string>> = { p: '✓', f: '✕', u: '○' };

function Mark({ letter }: { readonly letter: string }) {
  return (
    <span className={styles['mark']} data-mark={letter} aria-hidden>
      {signs[letter] ?? '·'}
    </span>
  );
}

interface Spot {
  readonly row: number;
  readonly column: number;
}

function Marks({ name, table, place, rows }: SuiteGridProps & { readonly rows: readonly number[] }) {
  const { prompts, models, samplers } = table;
  const scroll = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<Spot>({ row: 0, column: 0 });
  const [peek, setPeek] = useState<Peek | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  // The rows below are not memoised, so functions that cannot be are no harm.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const spot = {
    row: Math.min(wanted.row, rows.length - 1),
    column: Math.min(wanted.column, models.length - 1),
  };
  const cellAt = ({ row, column }: Spot): Cell | null => {
    const prompt = prompts[rows[row] ?? -1];
    const model = models[column];
    return prompt && model ? { prompt: prompt.id, model: model.path } : null;
  };
  const choose = (at: Spot, compares: boolean) => {
    const cell = cellAt(at);
    if (cell === null) return;
    setWanted(at);
    setPeek(null);
    moveInSuite(name, compares && place.cell !== null ? { other: cell } : { cell, other: null });
  };
  const idOf = ({ row, column }: Spot) => `suite-cell-${row}-${column}`;
  const showPeek = (at: Spot, box: DOMRect | undefined) => {
    const cell = cellAt(at);
    if (cell !== null && box !== undefined) setPeek({ cell, box });
  };
  const forget = () => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const next = movedBy(event, spot, { rows: rows.length, columns: models.length });
    if (next !== null) {
      event.preventDefault();
      setPeek(null);
      setWanted(next);
      virtual.scrollToIndex(next.row);
      document.getElementById(idOf(next))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(spot, event.shiftKey);
    } else if (event.key === ' ') {
      event.preventDefault();
      forget();
      const cell = cellAt(spot);
      if (cell !== null && isCell(peek?.cell ?? null, cell.prompt, cell.model)) setPeek(null);
      else showPeek(spot, document.getElementById(idOf(spot))?.getBoundingClientRect());
    } else if (event.key === 'Escape' && peek !== null) {
      event.stopPropagation();
      setPeek(null);
    }
  };
  const style = { '--columns': models.length } as CSSProperties;
  return (
    <>
      {/* One stop for Tab; the arrows move from cell to cell. */}
      <div
        ref={scroll}
        className={styles['grid']}
        style={style}
        role="grid"
        aria-label="Answers"
        aria-rowcount={rows.length + 1}
        aria-colcount={models.length + 1}
        aria-activedescendant={idOf(spot)}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={() => setPeek(null)}
        onPointerLeave={() => {
          forget();
          setPeek(null);
        }}
      >
        <div className={styles['head']} role="row">
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
        </div>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map(({ index, start }) => {
            const prompt = prompts[rows[index] ?? -1];
            if (!prompt) return null;
            return (
              <div
                key={prompt.id}
                className={styles['row']}
                role="row"
                aria-rowindex={index + 2}
                style={{ transform: `translateY(${start}px)` }}
              >
                <div className={styles['prompt']} role="rowheader" title={prompt.words}>
                  <strong>{prompt.id}</strong>
                  <span>{prompt.words}</span>
                </div>
                {models.map((model, column) => {
                  const marks = model.marks[rows[index] ?? -1] ?? '';
                  const own = { row: index, column };
                  return (
                    // Keys are the grid's own.
                    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
                    <div
                      key={model.path}
                      id={idOf(own)}
                      role="gridcell"
                      tabIndex={-1}
                      aria-colindex={column + 2}
                      aria-label={`${prompt.id}, ${model.name}: ${marksInWords(marks, samplers)}`}
                      aria-selected={
                        isCell(place.cell, prompt.id, model.path) ||
                        isCell(place.other, prompt.id, model.path)
                      }
                      className={styles['cell']}
                      data-spot={own.row === spot.row && own.column === spot.column ? '' : undefined}
                      data-other={isCell(place.other, prompt.id, model.path) ? '' : undefined}
                      onClick={(event) => {
                        forget();
                        choose(own, event.shiftKey || event.altKey);
                        scroll.current?.focus();
                      }}
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
          })}
        </div>
      </div>
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

const isCell = (cell: Cell | null, prompt: string, model: string): boolean =>
  cell !== null && cell.prompt === prompt && cell.model === model;

/** Where a key leads; null for keys that do not move. */
function movedBy(
  { key, ctrlKey, metaKey }: KeyboardEvent,
  { row, column }: Spot,
  size: { readonly rows: number; readonly columns: number },
): Spot | null {
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const far = ctrlKey || metaKey;
  const at = (nextRow: number, nextColumn: number): Spot => ({
    row: Math.max(0, Math.min(last.row, nextRow)),
    column: Math.max(0, Math.min(last.column, nextColumn)),
  });
  switch (key) {
    case 'ArrowUp':
      return at(row - 1, column);
    case 'ArrowDown':
      return at(row + 1, column);
    case 'ArrowLeft':
      return at(row, column - 1);
    case 'ArrowRight':
      return at(row, column + 1);
    case 'PageUp':
      return at(row - 12, column);
    case 'PageDown':
      return at(row + 12, column);
    case 'Home':
      return at(far ? 0 : row, 0);
    case 'End':
      return at(far ? last.row : row, last.column);
    default:
      return null;
  }
}
