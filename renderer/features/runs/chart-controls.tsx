// The bar above the charts: what is shown and how it stands, smoothing, axes, runs laid over it, stop.
import { SlidersHorizontal } from 'lucide-react';
import type { Run } from '../../../core/api/runs.ts';
import type { SeriesState } from '../../../core/api/series.ts';
import { formatAge, formatQuantity } from '../../ui/format.ts';
import { Menu, type MenuEntry } from '../../ui/menu.tsx';
import { PaneHeader } from '../../ui/pane.tsx';
import { type ChartSettings, smoothingChoices } from './chart-settings.ts';
import { isLive, RunStateMark } from './run-state.tsx';
import { StopRun } from './stop-run.tsx';

export interface ChartControlsProps {
  readonly title: string;
  readonly run: Run | null;
  readonly runs: readonly Run[];
  readonly state: SeriesState | null;
  readonly overlays: readonly string[];
  readonly onOverlays: (ids: readonly string[]) => void;
  readonly settings: ChartSettings;
  readonly onSettings: (settings: ChartSettings) => void;
}

export function ChartControls(props: ChartControlsProps) {
  const { title, run, state, settings, onSettings } = props;
  return (
    <PaneHeader
      title={title}
      detail={
        <>
          {run ? <RunStateMark state={run.state} withWord /> : null}
          {state ? `${run ? ' · ' : ''}${detailOf(state, run)}` : ''}
        </>
      }
      actions={
        <>
          <Menu label="Runs laid over this one" groups={[overlayEntries(props)]} look="quiet">
            {props.overlays.length === 0 ? 'Compare' : `Compare · ${props.overlays.length}`}
          </Menu>
          <Menu label="Smoothing" groups={[smoothingEntries(settings, onSettings)]} look="quiet">
            {settings.smoothingSteps === 0 ? 'Raw' : `Smooth ${settings.smoothingSteps}`}
          </Menu>
          <Menu
            label="Axes"
            icon={SlidersHorizontal}
            groups={[
              [
                toggle('log-y', 'Logarithmic values', settings.logarithmicY, (logarithmicY) =>
                  onSettings({ ...settings, logarithmicY }),
                ),
                toggle('log-x', 'Logarithmic steps', settings.logarithmicX, (logarithmicX) =>
                  onSettings({ ...settings, logarithmicX }),
                ),
              ],
            ]}
          />
          {run && isLive(run) ? <StopRun run={run} /> : null}
        </>
      }
    />
  );
}

function detailOf(state: SeriesState, run: Run | null): string {
  const points = Math.max(0, ...Object.values(state.points));
  const parts = [formatQuantity(points, 'point')];
  if (run && isLive(run) && state.newestPointMs !== null)
    parts.push(`newest ${formatAge(state.newestPointMs)}`);
  if (state.skippedLines > 0) parts.push(`${formatQuantity(state.skippedLines, 'line')} skipped`);
  return parts.join(' · ');
}

function smoothingEntries(
  settings: ChartSettings,
  onSettings: (next: ChartSettings) => void,
): readonly MenuEntry[] {
  return smoothingChoices.map((steps) => ({
    id: `smooth-${steps}`,
    label: steps === 0 ? 'Raw values only' : `Over ${steps.toLocaleString('en-US')} steps`,
    isOn: settings.smoothingSteps === steps,
    perform: () => onSettings({ ...settings, smoothingSteps: steps }),
  }));
}

function overlayEntries({ run, runs, overlays, onOverlays }: ChartControlsProps): readonly MenuEntry[] {
  const others = runs.filter((candidate) => candidate.id !== run?.id);
  if (others.length === 0) {
    return [{ id: 'none', label: 'There is no other run yet', isDisabled: true, perform: () => {} }];
  }
  return others.map((other) =>
    toggle(other.id, other.name, overlays.includes(other.id), (isOn) =>
      onOverlays(isOn ? [...overlays, other.id] : overlays.filter((id) => id !== other.id)),
    ),
  );
}

function toggle(id: string, label: string, isOn: boolean, set: (isOn: boolean) => void): MenuEntry {
  return { id, label, isOn, perform: () => set(!isOn) };
}
