// Brings questions in: rows as JSONL, Parquet or CSV, or task files with their data. What they become, the first question as it would be
// asked, and what is wrong by line, before anything is written.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CheckedFiles, TaskOfFiles } from '../../../../core/api/task-files.ts';
import { describeError } from '../../../app/describe-error.ts';
import { notify } from '../../../app/notifications.ts';
import { workspaceKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { FilesField } from '../../../ui/files-field.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import styles from './bring-tasks-dialog.module.css';
import { type BroughtFile, readBrought } from './read-brought.ts';
import { useRefreshTasks } from './use-local-runs.ts';

export interface BringTasksDialogProps {
  readonly onClose: () => void;
  /** Names of the tasks that came. */
  readonly onAdded: (tasks: readonly string[]) => void;
}

export function BringTasksDialog({ onClose, onAdded }: BringTasksDialogProps) {
  const client = useClient();
  const refresh = useRefreshTasks();
  const [files, setFiles] = useState<readonly BroughtFile[]>([]);
  const [replace, setReplace] = useState(false);
  const { isBusy, failure, attempt } = useAttempt();
  const names = files.map(({ name, content }) => `${name} ${content.length}`);
  const checked = useQuery({
    queryKey: [...workspaceKey, 'evaluation-task-files', ...names],
    enabled: files.length > 0,
    retry: false,
    gcTime: 0,
    queryFn: ({ signal }) => client.evaluationRuns.checkFiles({ files: [...files] }, { signal }),
  });
  const tasks = checked.data?.tasks ?? [];
  const there = tasks.flatMap((task) => task.there);
  const add = async () => {
    await attempt(async () => {
      const added = await client.evaluationRuns.addFiles({ files: [...files], replace });
      await refresh();
      notify({
        severity: 'good',
        title: `${formatQuantity(added.tasks.length, 'task')} added`,
        detail: added.tasks.flatMap(({ paths }) => paths).join(', '),
      });
      onAdded(added.tasks.map(({ name }) => name));
      onClose();
    });
  };
  const bring = (list: readonly File[]) =>
    void readBrought(list).then((read) => {
      const own = new Set(read.map(({ name }) => name));
      setFiles((known) => [...known.filter(({ name }) => !own.has(name)), ...read]);
    });
  return (
    <Dialog
      title="Add questions"
      width="wide"
      isOpen
      onClose={onClose}
      isDismissable={files.length === 0}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isPending={isBusy}
            isDisabled={isBusy || tasks.length === 0 || (there.length > 0 && !replace)}
            onPress={() => void add()}
          >
            {tasks.length === 0 ? 'Add' : `Add ${formatQuantity(tasks.length, 'task')}`}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <FilesField
          label="Files with questions"
          types={['.jsonl', '.ndjson', '.json', '.parquet', '.csv', '.tsv', '.yaml', '.yml']}
          hint="or drop JSONL, Parquet, CSV or task YAML here"
          names={files.map(({ name }) => name)}
          onFiles={bring}
          onClear={() => setFiles([])}
        />
        {failure === null ? null : <ErrorState compact {...describeError(failure)} />}
        {files.length === 0 ? (
          <p className={styles['quiet']}>
            Rows need a column with the question and one with the answer, and for multiple choice the choices,
            as a list or a column each; the usual names are known. Task files are lm-eval’s YAML without
            Python: bring the files they read along.
          </p>
        ) : checked.error ? (
          <ErrorState compact {...describeError(checked.error)} />
        ) : checked.data === undefined ? (
          <p className={styles['quiet']}>Reading…</p>
        ) : (
          <Found checked={checked.data} />
        )}
        {there.length === 0 ? null : (
          <Checkbox isSelected={replace} onChange={setReplace}>
            {`Replace what is there: ${there.join(', ')}`}
          </Checkbox>
        )}
      </div>
    </Dialog>
  );
}

function Found({ checked: { tasks, problems, more } }: { readonly checked: CheckedFiles }) {
  return (
    <>
      {tasks.map((task) => (
        <Task key={task.source} task={task} />
      ))}
      {problems.length === 0 ? null : (
        <ul className={styles['problems']} aria-label="What is wrong with the files">
          {problems.map(({ file, line, text, isFatal }) => (
            <li key={`${file} ${line} ${text}`} data-fatal={isFatal ? '' : undefined}>
              <code>{line === null ? file : `${file}, line ${line.toLocaleString('en-US')}`}</code>
              {`: ${text}`}
            </li>
          ))}
          {more === 0 ? null : <li>{`and ${more.toLocaleString('en-US')} more`}</li>}
        </ul>
      )}
    </>
  );
}

function Task({ task }: { readonly task: TaskOfFiles }) {
  const { name, kind, questions, leftOut, example, paths } = task;
  const facts = [
    kind === 'group' ? 'group' : formatQuantity(questions, 'question'),
    leftOut === 0 ? '' : `${formatQuantity(leftOut, 'row')} left out`,
    paths.join(', '),
  ];
  return (
    <section className={styles['task']} aria-label={`Task ${name}`}>
      <h3>
        {name}
        <span className={styles['quiet']}>{facts.filter((part) => part !== '').join(' · ')}</span>
      </h3>
      {example === null ? null : (
        <>
          <pre className={styles['prompt']}>{example.prompt}</pre>
          <p className={styles['quiet']}>
            {example.choices.length === 0
              ? `Right is: ${example.answer}`
              : `Choices: ${example.choices.map((choice) => (choice === example.answer ? `${choice} (right)` : choice)).join(' · ')}`}
          </p>
        </>
      )}
    </section>
  );
}
