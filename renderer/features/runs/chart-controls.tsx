// The bar above the charts: what is shown and how it stands, the x axis, smoothing, axes, runs laid over it, stop.
import { type LucideIcon, MoveHorizontal, SlidersHorizontal, Spline } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type SmoothingSpan, spanChoices, spanOf } from '../../../core/lib/dashboards/curve-look.ts';
import type { Run } from '../../../core/api/runs.ts';
import type { SeriesState } from '../../../core/api/series.ts';
import { isExtra } from '../../../core/lib/series/extra-columns.ts';
import { useTimeText } from '../../app/use-now.ts';
import { formatAge, formatQuantity } from '../../ui/format.ts';
import { Menu, type MenuEntry } from '../../ui/menu.tsx';
import { PaneHeader } from '../../ui/pane.tsx';
import type { CurveSettings } from './curves/curve-settings.ts';
import { spanWords, X_WORDS } from './curves/look-words.ts';
import { SpanDialog } from './curves/span-dialog.tsx';
import { isLive, RunStateMark } from './run-state.tsx';
import styles from './run-work.module.css';
import { StopRun } from './stop-run.tsx';

/** With the ages of the status bar, in one frame. */
const AGE_TICK_MS = 2_000;

export interface ChartControlsProps {
  readonly title: string;
  readonly run: Run | null;
  readonly state: SeriesState | null;
  readonly settings: CurveSettings;
  readonly onSettings: (settings: CurveSettings) => void;
  /** Of the first run shown; null where nobody knows. */
  readonly tokensPerStep: number | null;
  /** Buttons left of the menus. */
  readonly children?: ReactNode;
}

export function ChartControls(props: ChartControlsProps) {
  const { title, run, state, settings, onSettings, tokensPerStep, children } = props;
  const [asksForSpan, setAsksForSpan] = useState(false);
  const span = spanOf(settings.smoothing, tokensPerStep);
  return (
    <>
      <PaneHeader
        title={title}
        detail={
          <>
            {run ? <RunStateMark run={run} withWord /> : null}
            {state ? <Detail state={state} run={run} /> : null}
          </>
        }
        actions={
          <>
            {children}
            <Menu label="X axis" groups={xEntries(settings, onSettings)} look="quiet">
              <Words text={X_WORDS[settings.x]} icon={MoveHorizontal} />
            </Menu>
            <Menu
              label="Smoothing"
              groups={smoothingEntries(props, span, () => setAsksForSpan(true))}
              look="quiet"
            >
              <Words text={span ? `Smooth ${spanWords(span)}` : 'Raw'} icon={Spline} />
            </Menu>
            <Menu label="Axes" icon={SlidersHorizontal} groups={axisEntries(settings, onSettings)} />
            {run && isLive(run) && run.attached === null ? <StopRun run={run} /> : null}
          </>
        }
      />
      {asksForSpan ? (
        <SpanDialog
          span={span}
          hasTokens={tokensPerStep !== null}
          onChoose={({ unit, amount }) => onSettings({ ...settings, smoothing: { kind: unit, amount } })}
          onClose={() => setAsksForSpan(false)}
        />
      ) : null}
    </>
  );
}

/** A mark takes their place where the name of the run would be cut. */
function Words({ text, icon: Icon }: { readonly text: string; readonly icon: LucideIcon }) {
  return (
    <>
      <Icon className={styles['mark']} size={16} strokeWidth={1.75} aria-hidden />
      <span className={styles['words']}>{text}</span>
    </>
  );
}

/** Ages go on while nothing comes: the point of a run that stands still is not "now". */
function Detail({ state, run }: { readonly state: SeriesState; readonly run: Run | null }) {
  const text = useTimeText(AGE_TICK_MS, (nowMs) => detailOf(state, run, nowMs));
  return (
    <>
      {run ? ' · ' : ''}
      {text}
    </>
  );
}

function detailOf(state: SeriesState, run: Run | null, nowMs: number): string {
  const counts = Object.entries(state.points).flatMap(([name, count]) => (isExtra(name) ? [] : [count]));
  const parts = [formatQuantity(Math.max(0, ...counts), 'point')];
  if (run && isLive(run) && state.newestPointMs !== null)
    parts.push(`newest ${formatAge(state.newestPointMs, nowMs)}`);
  if (state.skippedLines > 0) parts.push(`${formatQuantity(state.skippedLines, 'line')} skipped`);
  return parts.join(' · ');
}

type Change = (next: CurveSettings) => void;

function xEntries(settings: CurveSettings, onSettings: Change): readonly (readonly MenuEntry[])[] {
  const kinds = (['steps', 'tokens', 'time', 'relative'] as const).map(
    (x): MenuEntry => ({
      id: x,
      label: X_WORDS[x],
      isOn: settings.x === x,
      perform: () => onSettings({ ...settings, x }),
    }),
  );
  const waits = toggle('waits', 'Leave out waits between attempts', settings.withoutWaits, (withoutWaits) =>
    onSettings({ ...settings, withoutWaits }),
  );
  return [kinds, [{ ...waits, isDisabled: settings.x !== 'relative' }]];
}

function smoothingEntries(
  { settings, onSettings, tokensPerStep }: ChartControlsProps,
  span: SmoothingSpan | null,
  onOther: () => void,
): readonly (readonly MenuEntry[])[] {
  const choose = (smoothing: CurveSettings['smoothing']) => onSettings({ ...settings, smoothing });
  const { kind } = settings.smoothing;
  return [
    [
      { id: 'raw', label: 'Raw values only', isOn: kind === 'off', perform: () => choose({ kind: 'off' }) },
      {
        id: 'auto',
        label: 'Automatic',
        detail: `over ${spanWords(spanOf({ kind: 'auto' }, tokensPerStep) ?? { unit: 'steps', amount: 0 })}`,
        isOn: kind === 'auto',
        perform: () => choose({ kind: 'auto' }),
      },
    ],
    [
      ...spanChoices(tokensPerStep).map(
        (choice): MenuEntry => ({
          id: `over-${choice.amount}`,
          label: `Over ${spanWords(choice)}`,
          isOn: kind === choice.unit && span?.amount === choice.amount,
          perform: () => choose({ kind: choice.unit, amount: choice.amount }),
        }),
      ),
      { id: 'other', label: 'Another distance…', perform: onOther },
    ],
  ];
}

function axisEntries(settings: CurveSettings, onSettings: Change): readonly (readonly MenuEntry[])[] {
  return [
    [
      toggle('log-y', 'Logarithmic values', settings.logarithmicY, (logarithmicY) =>
        onSettings({ ...settings, logarithmicY }),
      ),
      toggle('log-x', 'Logarithmic x axis', settings.logarithmicX, (logarithmicX) =>
        onSettings({ ...settings, logarithmicX }),
      ),
    ],
    [
      toggle('robust', 'Outliers do not set the scale', settings.y === 'robust', (isOn) =>
        onSettings({ ...settings, y: isOn ? 'robust' : 'all' }),
      ),
      toggle('linked', 'One zoom for all charts', settings.isZoomLinked, (isZoomLinked) =>
        onSettings({ ...settings, isZoomLinked }),
      ),
    ],
  ];
}

function toggle(id: string, label: string, isOn: boolean, set: (isOn: boolean) => void): MenuEntry {
  return { id, label, isOn, perform: () => set(!isOn) };
}
