// Above the leaderboard: which models, tasks and languages, against which baseline, how columns are formed, which published rows stand
// beside; and what the signs mean.
import { useState } from 'react';
import type { Leaderboard } from '../../../../core/api/evaluations.ts';
import {
  EVERYTHING,
  type LeaderboardChoice,
  type ShownLeaderboard,
} from '../../../../core/lib/evaluations/leaderboard.ts';
import { Button } from '../../../ui/button.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { Menu, type MenuEntry } from '../../../ui/menu.tsx';
import { Select } from '../../../ui/select.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import { Legend, ToolBar } from '../../../ui/tool-bar.tsx';
import { languageName } from './language-name.ts';
import styles from './leaderboard-view.module.css';
import { PickDialog } from './pick-dialog.tsx';
import { moveInResults, type ResultsPlace } from './place.ts';
import { ReferencesDialog } from './references-dialog.tsx';

const ALL = '-all-';
const NONE = '-none-';

export interface LeaderboardToolsProps {
  readonly table: Leaderboard;
  readonly shown: ShownLeaderboard;
  readonly place: ResultsPlace;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  /** Cells whose answers are yet to be paired with the baseline's. */
  readonly pairing: number;
}

export function LeaderboardTools(props: LeaderboardToolsProps) {
  const { table, shown, place, search, onSearch, pairing } = props;
  const [picking, setPicking] = useState<'models' | 'tasks' | 'references' | null>(null);
  const { choice, join, allMetrics, references } = place;
  const languages = [...new Set(table.columns.flatMap(({ language }) => language ?? []))];
  const hasParts = table.columns.some(({ partOf }) => partOf !== null);
  const hasGroups = table.columns.some(({ partOf, isGroup }) => partOf !== null && isGroup);
  const hidden = choice.hiddenModels.length + choice.hiddenColumns.length;
  const tasks = [...new Map(table.columns.map((column) => [column.task, column])).values()];
  return (
    <ToolBar>
      <div className={styles['search']}>
        <SearchField label="Filter models" value={search} onChange={onSearch} />
      </div>
      <Button onPress={() => setPicking('models')}>
        {choice.models === null ? 'Models…' : `${formatQuantity(choice.models.length, 'model')}…`}
      </Button>
      <Button onPress={() => setPicking('tasks')}>
        {choice.tasks === null ? 'Tasks…' : `${formatQuantity(choice.tasks.length, 'task')}…`}
      </Button>
      {languages.length > 1 || choice.language !== null ? (
        <Select
          label="Language"
          isLabelHidden
          choices={[
            { id: ALL, label: 'All languages' },
            ...languages.map((id) => ({ id, label: languageName(id) })),
          ]}
          value={choice.language ?? ALL}
          onChange={(id) => moveInResults({ choice: { language: id === ALL ? null : id } })}
        />
      ) : null}
      <Select
        label="Baseline"
        isLabelHidden
        choices={[
          { id: NONE, label: 'No baseline' },
          ...table.rows.map(({ model }) => ({ id: model.key, label: `Against ${model.name}` })),
        ]}
        value={choice.baseline ?? NONE}
        onChange={(id) => moveInResults({ choice: { baseline: id === NONE ? null : id } })}
      />
      <Menu
        label="View of the leaderboard"
        groups={[
          [
            {
              id: 'language',
              label: 'Group by language',
              isOn: choice.byLanguage,
              perform: () => moveInResults({ choice: { byLanguage: !choice.byLanguage } }),
            },
            {
              id: 'join',
              label: 'Join columns that may be compared',
              detail: 'What is unknown, or should not matter, is marked ≠ in its cell',
              isOn: join === 'alike',
              perform: () => moveInResults({ join: join === 'alike' ? 'strict' : 'alike' }),
            },
            {
              id: 'means',
              label: 'Means over shared tasks',
              detail: 'Only the tasks that every model shown was asked',
              isOn: choice.meanOver === 'shared',
              perform: () =>
                moveInResults({ choice: { meanOver: choice.meanOver === 'shared' ? 'all' : 'shared' } }),
            },
            {
              id: 'metrics',
              label: 'Every metric',
              detail: 'Not only the one that reports quote',
              isOn: allMetrics,
              perform: () => moveInResults({ allMetrics: !allMetrics }),
            },
            ...(hasGroups || choice.parts === 'groups'
              ? [partsEntry('groups', 'Groups within groups', 'mmlu_stem beside mmlu', choice.parts)]
              : []),
            ...(hasParts || choice.parts === 'all'
              ? [partsEntry('all', 'Every part of groups', 'The subjects of MMLU beside MMLU', choice.parts)]
              : []),
          ],
          [
            {
              id: 'references',
              label: 'Published rows beside…',
              ...(references.length === 0 ? {} : { detail: formatQuantity(references.length, 'row') }),
              perform: () => setPicking('references'),
            },
          ],
        ]}
      >
        View
      </Menu>
      {hidden === 0 ? null : (
        <Button
          kind="quiet"
          onPress={() => moveInResults({ choice: { hiddenModels: [], hiddenColumns: [] } })}
        >
          {`Show ${hidden} hidden`}
        </Button>
      )}
      {isNarrowed(place) || search !== '' ? (
        <Button
          kind="quiet"
          onPress={() => {
            onSearch('');
            moveInResults({
              choice: { ...EVERYTHING, byLanguage: choice.byLanguage, meanOver: choice.meanOver },
            });
          }}
        >
          Show all
        </Button>
      ) : null}
      <span className="visually-hidden" aria-live="polite">
        {`${shown.rows.length} of ${formatQuantity(table.rows.length, 'model')}, ${formatQuantity(shown.columns.length, 'column')}`}
      </span>
      <Signs shown={shown} pairing={pairing} />
      {picking === 'models' ? (
        <PickDialog
          title="Models in the leaderboard"
          noun="model"
          items={table.rows.map(({ model, cells }) => ({
            id: model.key,
            name: model.name,
            detail: formatQuantity(cells.filter((cell) => cell !== null).length, 'result'),
          }))}
          chosen={choice.models}
          onChoose={(models) => moveInResults({ choice: { models } })}
          onClose={() => setPicking(null)}
        />
      ) : null}
      {picking === 'tasks' ? (
        <PickDialog
          title="Tasks in the leaderboard"
          noun="task"
          items={tasks.map(({ task, language }) => ({
            id: task,
            name: task,
            detail: language === null ? '' : languageName(language),
          }))}
          chosen={choice.tasks}
          onChoose={(next) => moveInResults({ choice: { tasks: next } })}
          onClose={() => setPicking(null)}
        />
      ) : null}
      {picking === 'references' ? (
        <ReferencesDialog chosen={references} onClose={() => setPicking(null)} />
      ) : null}
    </ToolBar>
  );
}

const partsEntry = (
  id: 'groups' | 'all',
  label: string,
  detail: string,
  now: LeaderboardChoice['parts'],
): MenuEntry => ({
  id: `parts ${id}`,
  label,
  detail,
  isOn: now === id,
  perform: () => moveInResults({ choice: { parts: now === id ? 'none' : id } }),
});

const isNarrowed = ({ choice }: ResultsPlace): boolean =>
  choice.models !== null || choice.tasks !== null || choice.language !== null;

/** Only signs that are there. */
function Signs({ shown, pairing }: { readonly shown: ShownLeaderboard; readonly pairing: number }) {
  const { rows, best, means } = shown;
  const hasGaps = means.some(
    ({ outOf }, place) => outOf === undefined && rows.some((row) => row.means[place] === null),
  );
  const hasBest = best.some((places) => places.length > 0);
  const hasApart = rows.some(({ cells }) => cells.some((cell) => (cell?.differs.length ?? 0) > 0));
  const base = rows.find(({ isBaseline }) => isBaseline);
  const tested = rows.flatMap(({ against }) => against.flatMap((one) => (one === null ? [] : [one])));
  const hasPaired = tested.some(({ paired }) => paired !== null);
  const hasErrors = tested.some(({ paired, p }) => paired === null && p !== null);
  return (
    <Legend>
      {hasBest ? (
        <span>
          <b>best</b> of its column
        </span>
      ) : null}
      <span>± standard error</span>
      {hasGaps ? (
        <span title="View, Means over shared tasks, leaves such tasks out for every model">
          – no mean: a task is missing
        </span>
      ) : null}
      {hasPaired ? (
        <span title="The answers of both to the same questions: McNemar’s mid-p for right and wrong, a bootstrap for other scores; p < 0.05 after Holm’s correction over the tasks of a row">
          ▲ ▼ better, worse than the baseline by a paired test
        </span>
      ) : null}
      {base !== undefined && (hasErrors || !hasPaired) ? (
        <span title="By the standard errors, as if both had answered other questions; p < 0.05 after Holm’s correction over the tasks of a row">
          △ ▽ better, worse than the baseline by standard errors
        </span>
      ) : null}
      {pairing > 0 ? <span>{`pairing the answers of ${formatQuantity(pairing, 'more cell')}`}</span> : null}
      {hasApart ? <span>≠ asked otherwise, or not known how</span> : null}
    </Legend>
  );
}
