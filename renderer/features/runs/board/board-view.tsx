// A dashboard on screen: its sections with their charts in columns, which are dragged or moved with the keys.
import { ChevronDown, ChevronRight } from 'lucide-react';
import { type DragEvent, useMemo, useState } from 'react';
import { filledSections, type FilledSection } from '../../../../core/lib/dashboards/automatic.ts';
import type { Dashboard, DashboardChart } from '../../../../core/lib/dashboards/dashboard.ts';
import {
  addChart,
  changeSection,
  moveChart,
  placeOf,
  removeSection,
  shiftChart,
  shiftSection,
} from '../../../../core/lib/dashboards/dashboard-edits.ts';
import { nameFilter } from '../../../../core/lib/dashboards/run-choice.ts';
import { Menu } from '../../../ui/menu.tsx';
import { titleOf } from '../tags.ts';
import styles from './board.module.css';
import { CHART_TYPE, ChartCard, type ChartCardContext } from './chart-card.tsx';

export interface BoardViewProps {
  readonly board: Dashboard;
  readonly onChange: (board: Dashboard) => void;
  /** Metrics that are there, in order of importance. Memoised. */
  readonly tags: readonly string[];
  /** What the person types to find a metric. */
  readonly search: string;
  readonly context: ChartCardContext;
  readonly onEdit: (chart: DashboardChart) => void;
  readonly onRenameSection: (sectionId: string) => void;
}

export function BoardView(props: BoardViewProps) {
  const { board, tags, search } = props;
  const filled = useMemo(() => filledSections(board, tags), [board, tags]);
  const [folded, setFolded] = useState<readonly string[]>([]);
  const filter = nameFilter(search);
  const isSearching = search.trim() !== '';
  const [said, setSaid] = useState('');
  const isThere = new Set(tags);
  const shown = filled.map((part) => ({
    ...part,
    charts: part.charts.filter(
      (chart) =>
        (!isSearching || [chart.title, ...chart.tags, ...chart.tags.map(titleOf)].some(filter.matches)) &&
        // A chart of metrics that these runs do not have stays in the file, and waits.
        chart.tags.some((tag) => isThere.has(tag)),
    ),
  }));
  const waiting = board.sections
    .flatMap(({ charts }) => charts)
    .filter((chart) => !chart.tags.some((tag) => isThere.has(tag)));
  const count = shown.reduce((sum, { charts }) => sum + charts.length, 0);
  return (
    <div className={styles['board']}>
      {shown.map((part) =>
        isSearching && part.charts.length === 0 ? null : (
          <BoardSection
            key={part.section.id}
            {...props}
            part={part}
            isFolded={!isSearching && folded.includes(part.section.id)}
            onFold={(isFolded) =>
              setFolded(
                isFolded ? [...folded, part.section.id] : folded.filter((id) => id !== part.section.id),
              )
            }
            onSay={setSaid}
          />
        ),
      )}
      {isSearching && count === 0 ? (
        <p className={styles['none']}>{filter.problem ?? `No metric matches “${search.trim()}”`}</p>
      ) : null}
      {waiting.length > 0 && !isSearching ? (
        <p className={styles['waiting']}>
          {`${waiting.length === 1 ? 'One chart waits' : `${waiting.length} charts wait`} for metrics that these runs do not have: `}
          {waiting.map((chart) => chart.title || chart.tags.join(', ')).join('; ')}
        </p>
      ) : null}
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
    </div>
  );
}

interface SectionProps extends BoardViewProps {
  readonly part: FilledSection;
  readonly isFolded: boolean;
  readonly onFold: (isFolded: boolean) => void;
  readonly onSay: (text: string) => void;
}

function BoardSection(props: SectionProps) {
  const { board, onChange, part, context, isFolded, onFold, onSay } = props;
  const { section, charts } = part;
  const [over, setOver] = useState<string | null>(null);

  /** A chart of the rest gets a place of its own when it is moved or changed. */
  const kept = (chart: DashboardChart): Dashboard =>
    placeOf(board, chart.id)
      ? board
      : addChart(board, chart, { sectionId: section.id, index: section.charts.length });
  const drop = (event: DragEvent, before: DashboardChart | null) => {
    event.preventDefault();
    setOver(null);
    const id = event.dataTransfer.getData(CHART_TYPE);
    if (id === '' || id === before?.id) return;
    const index = before
      ? section.charts.findIndex((chart) => chart.id === before.id)
      : section.charts.length;
    const dragged = context.charts.find((chart) => chart.id === id);
    const base =
      dragged && !placeOf(board, id) ? addChart(board, dragged, { sectionId: section.id, index: 0 }) : board;
    onChange(
      moveChart(base, id, { sectionId: section.id, index: index < 0 ? section.charts.length : index }),
    );
  };
  const shift = (chart: DashboardChart, by: 1 | -1) => {
    const next = shiftChart(kept(chart), chart.id, by);
    onChange(next);
    const place = placeOf(next, chart.id);
    const among = next.sections.find(({ id }) => id === place?.sectionId)?.charts.length ?? 0;
    onSay(
      place ? `${chart.title || titleOf(chart.tags[0] ?? '')}, place ${place.index + 1} of ${among}` : '',
    );
  };

  const hasHeading = section.title !== '';
  if (charts.length === 0 && !hasHeading) return null;
  return (
    <section className={styles['section']} aria-label={section.title || 'Main charts'}>
      {hasHeading ? (
        <header className={styles['heading']}>
          <button
            type="button"
            className={styles['fold']}
            aria-expanded={!isFolded}
            onClick={() => onFold(!isFolded)}
          >
            {isFolded ? <ChevronRight size={14} aria-hidden /> : <ChevronDown size={14} aria-hidden />}
            {section.title}
            <span className={styles['count']}>{charts.length}</span>
          </button>
          <Menu
            label={`Section ${section.title}`}
            look="bare"
            groups={[
              [
                { id: 'rename', label: 'Rename…', perform: () => props.onRenameSection(section.id) },
                { id: 'up', label: 'Move up', perform: () => onChange(shiftSection(board, section.id, -1)) },
                {
                  id: 'down',
                  label: 'Move down',
                  perform: () => onChange(shiftSection(board, section.id, 1)),
                },
              ],
              [
                {
                  id: 'rest',
                  label: 'Other metrics follow here',
                  isOn: section.rest !== undefined,
                  perform: () =>
                    onChange(
                      changeSection(board, section.id, ({ rest, ...fixed }) =>
                        rest === undefined ? { ...fixed, rest: '' } : fixed,
                      ),
                    ),
                },
                {
                  id: 'remove',
                  label: 'Remove section',
                  isDanger: true,
                  perform: () => onChange(removeSection(board, section.id)),
                },
              ],
            ]}
          />
        </header>
      ) : null}
      {isFolded ? null : (
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys are on each chart's handle.
        <div
          className={styles['grid']}
          data-columns={board.columns}
          onDragOver={(event) => acceptChart(event)}
          onDrop={(event) => drop(event, null)}
        >
          {charts.map((chart) => (
            // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- as above.
            <div
              key={chart.id}
              className={styles['cell']}
              data-wide={chart.isWide}
              data-over={over === chart.id}
              onDragOver={(event) => {
                if (acceptChart(event)) setOver(chart.id);
              }}
              onDragLeave={() => setOver(null)}
              onDrop={(event) => {
                event.stopPropagation();
                drop(event, chart);
              }}
            >
              <ChartCard
                chart={chart}
                board={board}
                context={context}
                onChange={(change) => onChange(change(kept(chart)))}
                onShift={(by) => shift(chart, by)}
                onEdit={() => props.onEdit(chart)}
              />
            </div>
          ))}
          {charts.length === 0 ? <p className={styles['empty']}>Drag charts here</p> : null}
        </div>
      )}
    </section>
  );
}

function acceptChart(event: DragEvent): boolean {
  if (!event.dataTransfer.types.includes(CHART_TYPE)) return false;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'move';
  return true;
}
