// The bar above the charts of a progression: which tasks, how many charts, over what, beside which models.
import type { ProgressTask } from '../../../../core/api/evaluation-progress.ts';
import { Switch } from '../../../ui/checkbox.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { Menu } from '../../../ui/menu.tsx';
import { Select } from '../../../ui/select.tsx';
import { moveInProgress, type ProgressPlace } from './place.ts';
import styles from './progress.module.css';

const EVERY_TASK = '-every-';
/** More published levels in a menu are found by their name in the leaderboard. */
const MAX_LEVELS = 40;

export function ProgressTools({
  tasks,
  taskNames,
  shown,
  place,
}: {
  readonly tasks: readonly ProgressTask[];
  /** Of the tasks that have a line. */
  readonly taskNames: readonly string[];
  /** Those that have a chart. */
  readonly shown: readonly ProgressTask[];
  readonly place: ProgressPlace;
}) {
  const hasTokens = tasks.some(({ lines }) =>
    lines.some(({ points }) => points.some(({ tokens }) => tokens !== null)),
  );
  return (
    <div className={styles['tools']}>
      <Select
        label="Tasks"
        isLabelHidden
        choices={[
          { id: EVERY_TASK, label: formatQuantity(taskNames.length, 'task') },
          ...taskNames.map((id) => ({ id, label: id })),
        ]}
        value={place.tasks?.[0] ?? EVERY_TASK}
        onChange={(id) => moveInProgress({ tasks: id === EVERY_TASK ? null : [id] })}
      />
      <Select
        label="Charts"
        isLabelHidden
        choices={[
          { id: 'tasks', label: 'A chart a task' },
          { id: 'one', label: 'One chart' },
        ]}
        value={place.layout}
        onChange={(layout) => moveInProgress({ layout })}
      />
      <Select
        label="Axis"
        isLabelHidden
        choices={[
          { id: 'steps', label: 'Over steps' },
          {
            id: 'tokens',
            label: 'Over tokens',
            ...(hasTokens ? {} : { detail: 'no result says how many were seen', isDisabled: true }),
          },
        ]}
        value={place.x}
        onChange={(next) => moveInProgress({ x: next })}
      />
      <LevelMenu tasks={tasks} shown={shown} levels={place.levels} />
      <Switch isSelected={place.allMetrics} onChange={(allMetrics) => moveInProgress({ allMetrics })}>
        All metrics
      </Switch>
    </div>
  );
}

function LevelMenu({
  tasks,
  shown,
  levels,
}: {
  readonly tasks: readonly ProgressTask[];
  readonly shown: readonly ProgressTask[];
  readonly levels: readonly string[];
}) {
  const known = new Map<string, string>();
  for (const task of shown.length > 0 ? shown : tasks)
    for (const { model, name, table } of task.levels)
      known.set(model, table === null ? name : `${name}, ${table}`);
  const entries = [...known].slice(0, MAX_LEVELS).map(([model, label]) => ({
    id: model,
    label,
    isOn: levels.includes(model),
    perform: () =>
      moveInProgress({
        levels: levels.includes(model) ? levels.filter((one) => one !== model) : [...levels, model],
      }),
  }));
  if (entries.length === 0) return null;
  return (
    <Menu label="Models to compare with" groups={[entries]} look="quiet">
      {levels.length === 0 ? 'Compare with…' : `Compared with ${levels.length}`}
    </Menu>
  );
}
