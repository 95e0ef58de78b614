// Above the leaderboard: which models, tasks and languages, against which baseline, how columns are formed, which published rows stand
// beside; and what the signs mean.
import { useState } from 'react';
import type { Leaderboard } from '../../../../core/api/evaluations.ts';
import { EVERYTHING, type ShownLeaderboard } from '../../../../core/lib/evaluations/leaderboard.ts';
import { Button } from '../../../ui/button.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { Menu } from '../../../ui/menu.tsx';
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
}

export function LeaderboardTools({ table, shown, place, search, onSearch }: LeaderboardToolsProps) {
  const [picking, setPicking] = useState<'models' | 'tasks' | 'references' | null>(null);
  const { choice, join, allMetrics, references } = place;
  const languages = [...new Set(table.columns.flatMap(({ language }) => language ?? []))];
  const hasParts = table.columns.some(({ partOf }) => partOf !== null);
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
              id: 'metrics',
              label: 'Every metric',
              detail: 'Not only the one that reports quote',
              isOn: allMetrics,
              perform: () => moveInResults({ allMetrics: !allMetrics }),
            },
            ...(hasParts || choice.parts
              ? [
                  {
                    id: 'parts',
                    label: 'Parts of groups',
                    detail: 'The subjects of MMLU beside MMLU',
                    isOn: choice.parts,
                    perform: () => moveInResults({ choice: { parts: !choice.parts } }),
                  },
                ]
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
            moveInResults({ choice: { ...EVERYTHING, byLanguage: choice.byLanguage } });
          }}
        >
          Show all
        </Button>
      ) : null}
      <span className="visually-hidden" aria-live="polite">
        {`${shown.rows.length} of ${formatQuantity(table.rows.length, 'model')}, ${formatQuantity(shown.columns.length, 'column')}`}
      </span>
      <Signs shown={shown} />
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

const isNarrowed = ({ choice }: ResultsPlace): boolean =>
  choice.models !== null || choice.tasks !== null || choice.language !== null;

/** Only signs that are there. */
function Signs({ shown }: { readonly shown: ShownLeaderboard }) {
  const { rows, best } = shown;
  const hasBest = best.some((places) => places.length > 0);
  const hasApart = rows.some(({ cells }) => cells.some((cell) => (cell?.differs.length ?? 0) > 0));
  const base = rows.find(({ isBaseline }) => isBaseline);
  return (
    <Legend>
      {hasBest ? (
        <span>
          <b>best</b> of its column
        </span>
      ) : null}
      <span>± standard error</span>
      {base === undefined ? null : (
        <span title="By the standard errors, as if both had answered other questions; p < 0.05 after Holm's correction over the tasks of a row">
          ▲ ▼ better, worse than the baseline
        </span>
      )}
      {hasApart ? <span>≠ asked otherwise, or not known how</span> : null}
    </Legend>
  );
}
