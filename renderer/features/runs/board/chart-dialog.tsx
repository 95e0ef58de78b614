// Makes a chart or changes one: its metrics, what is drawn of them, its title and its smoothing.
import { useState } from 'react';
import { automaticSmoothing, type SmoothingLook } from '../../../../core/lib/dashboards/curve-look.ts';
import type { Dashboard, DashboardChart } from '../../../../core/lib/dashboards/dashboard.ts';
import { addChart, changeChart, chartFor, chartOf } from '../../../../core/lib/dashboards/dashboard-edits.ts';
import { nameFilter } from '../../../../core/lib/dashboards/run-choice.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Select } from '../../../ui/select.tsx';
import { SearchField, TextField } from '../../../ui/text-field.tsx';
import { toggled } from '../compare/use-run-choice.ts';
import styles from '../compare/compare.module.css';

const MAX_ROWS = 200;

export function ChartDialog({
  board,
  chart,
  tags,
  hasOtherRuns,
  onChange,
  onClose,
}: {
  readonly board: Dashboard;
  /** Null makes a new one. */
  readonly chart: DashboardChart | null;
  readonly tags: readonly string[];
  readonly hasOtherRuns: boolean;
  readonly onChange: (board: Dashboard) => void;
  readonly onClose: () => void;
}) {
  const [draft, setDraft] = useState<DashboardChart>(chart ?? { ...chartFor(['new'], board), tags: [] });
  const [search, setSearch] = useState('');
  const filter = nameFilter(search);
  const offered = [...new Set([...draft.tags, ...tags])].filter(
    (tag) => search.trim() === '' || filter.matches(tag),
  );
  const isGood = draft.tags.length > 0;
  const submit = () => {
    if (!isGood) return;
    if (chart && chartOf(board, chart.id)) onChange(changeChart(board, chart.id, () => draft));
    else {
      const section = board.sections[0];
      const made = { ...chartFor(draft.tags, board), ...draft, id: chartFor(draft.tags, board).id };
      if (section) onChange(addChart(board, made, { sectionId: section.id, index: section.charts.length }));
    }
    onClose();
  };
  const smoothing = draft.smoothing?.kind ?? 'board';
  return (
    <Dialog
      title={chart ? 'Edit chart' : 'Add chart'}
      isOpen
      width="wide"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={!isGood} onPress={submit}>
            {chart ? 'Change' : 'Add'}
          </Button>
        </>
      }
    >
      <SearchField label="Find metrics: words, or /regular expression/" value={search} onChange={setSearch} />
      {filter.problem ? <p className={styles['problem']}>{filter.problem}</p> : null}
      <ul className={styles['choices']} aria-label="Metrics">
        {offered.slice(0, MAX_ROWS).map((tag) => (
          <li key={tag}>
            <Checkbox
              isSelected={draft.tags.includes(tag)}
              onChange={() => setDraft({ ...draft, tags: toggled(draft.tags, tag) })}
            >
              {tag}
            </Checkbox>
          </li>
        ))}
        {offered.length === 0 ? <li className={styles['detail']}>No metric matches</li> : null}
      </ul>
      <div className={styles['rules']}>
        <TextField
          label="Title"
          value={draft.title}
          onChange={(title) => setDraft({ ...draft, title })}
          placeholder={draft.tags.join(', ')}
        />
        <Select
          label="Shows"
          choices={[
            { id: 'value', label: 'Values' },
            { id: 'derivative', label: 'Change', detail: 'how fast the smoothed values change' },
            {
              id: 'difference',
              label: 'Difference to the first run',
              detail: hasOtherRuns ? 'one line for each other run' : 'needs a second run',
            },
          ]}
          value={draft.shape}
          onChange={(shape) => setDraft({ ...draft, shape })}
        />
        <Select
          label="Smoothing"
          choices={[
            { id: 'board', label: 'As the other charts' },
            { id: 'off', label: 'Raw values only' },
            { id: 'auto', label: 'Automatic' },
          ]}
          value={smoothing === 'off' || smoothing === 'auto' ? smoothing : 'board'}
          onChange={(kind) => setDraft(withSmoothing(draft, kind === 'board' ? null : smoothingLooks[kind]))}
        />
      </div>
    </Dialog>
  );
}

const smoothingLooks = { off: { kind: 'off' }, auto: automaticSmoothing } as const;

function withSmoothing(
  { smoothing: _old, ...rest }: DashboardChart,
  smoothing: SmoothingLook | null,
): DashboardChart {
  return smoothing ? { ...rest, smoothing } : rest;
}
