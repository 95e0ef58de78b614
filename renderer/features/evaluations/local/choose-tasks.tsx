// Tasks to ask: those that come with the studio, those of the team with what is wrong with them, and benchmarks with their data.
import { Download, FilePlus } from 'lucide-react';
import { useState } from 'react';
import type { EvaluationTask } from '../../../../core/api/evaluation-runs.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { TextField } from '../../../ui/text-field.tsx';
import { BringTasksDialog } from './bring-tasks-dialog.tsx';
import styles from './local.module.css';
import { useRefreshTasks } from './use-local-runs.ts';

const ORIGINS: readonly (readonly [EvaluationTask['origin'], string])[] = [
  ['workspace', 'Of this workspace'],
  ['shipped', 'Of the studio'],
  ['benchmark', 'Benchmarks'],
];

export function ChooseTasks(props: {
  readonly tasks: readonly EvaluationTask[];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}) {
  const { tasks, chosen, onChange } = props;
  const [sought, setSought] = useState('');
  const [isBringing, setBringing] = useState(false);
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const isSought = ({ name, title }: EvaluationTask) =>
    words.every((word) => `${name} ${title}`.toLowerCase().includes(word));
  return (
    <fieldset className={styles['group']}>
      <legend>Tasks</legend>
      <div className={styles['search']}>
        <TextField
          label="Find a task"
          isLabelHidden
          value={sought}
          onChange={setSought}
          placeholder="Find a task"
        />
        <Button icon={FilePlus} onPress={() => setBringing(true)}>
          Add questions…
        </Button>
      </div>
      {isBringing ? (
        <BringTasksDialog
          onClose={() => setBringing(false)}
          onAdded={(names) => onChange(new Set([...chosen, ...names]))}
        />
      ) : null}
      {ORIGINS.map(([origin, title]) => {
        const own = tasks.filter((task) => task.origin === origin && isSought(task));
        return own.length === 0 ? null : (
          <div key={origin}>
            <h4 className={styles['origin']}>{title}</h4>
            <ul className={`${styles['rows']} ${styles['tasks']}`} aria-label={title}>
              {own.map((task) => (
                <li key={task.name}>
                  <TaskRow
                    task={task}
                    isChosen={chosen.has(task.name)}
                    onChoose={(next) => {
                      const changed = new Set(chosen);
                      if (next) changed.add(task.name);
                      else changed.delete(task.name);
                      onChange(changed);
                    }}
                  />
                </li>
              ))}
            </ul>
          </div>
        );
      })}
      <p className={styles['quiet']}>
        Tasks of your own are files in evals/tasks/, in lm-eval’s YAML format without Python; Add questions…
        makes them of rows. Benchmarks read copies of their data sets in evals/data/.
      </p>
    </fieldset>
  );
}

function TaskRow(props: {
  readonly task: EvaluationTask;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}) {
  const { task, isChosen, onChoose } = props;
  const { problems } = task;
  return (
    <>
      <Checkbox
        isSelected={isChosen}
        isDisabled={task.kind === 'broken' || !task.hasData}
        onChange={onChoose}
      >
        {task.title}
      </Checkbox>
      <span className={styles['facts']}>{factsOf(task)}</span>
      {task.kind !== 'broken' && !task.hasData && task.repository !== null ? <GetData task={task} /> : null}
      {problems.length === 0 ? null : (
        <ul className={styles['problems']} aria-label={`Problems of ${task.title}`}>
          {problems.map(({ path, line, text, isFatal }) => (
            <li key={`${line} ${text}`} className={isFatal ? styles['fatal'] : styles['quiet']}>
              {`${path}${line === null ? '' : `, line ${line}`}: ${text}`}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const OUTPUTS = {
  multiple_choice: 'choices',
  loglikelihood: 'likelihood',
  generate_until: 'written answers',
} as const;

function factsOf({
  name,
  title,
  kind,
  parts,
  output,
  language,
  shots,
  hasData,
  chance,
}: EvaluationTask): string {
  if (kind === 'broken') return 'cannot be run';
  return [
    title === name ? '' : name,
    kind === 'group' ? formatQuantity(parts.length, 'task') : '',
    output === null ? '' : OUTPUTS[output],
    language ?? '',
    shots > 0 ? `${shots}-shot` : '',
    chance === null ? '' : `chance ${chance}`,
    hasData ? '' : 'its questions are not here',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function GetData({ task }: { readonly task: EvaluationTask }) {
  const client = useClient();
  const refresh = useRefreshTasks();
  const { isBusy, attempt } = useAttempt(notifyError);
  const download = async () => {
    await attempt(async () => {
      for await (const event of await client.evaluationRuns.download({ task: task.name })) {
        if (event.kind !== 'result') continue;
        notify({
          severity: 'info',
          title: `The questions of ${task.title} are here`,
          detail: `${formatQuantity(event.result.files.length, 'file')} in evals/data/${task.repository ?? ''}`,
        });
      }
      await refresh();
    });
  };
  return (
    <Button icon={Download} isDisabled={isBusy} onPress={() => void download()}>
      {isBusy ? 'Downloading' : 'Get data'}
    </Button>
  );
}
