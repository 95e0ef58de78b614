// Brings results in: files chosen or dropped, paths of files and folders, a pasted table. What would be saved is shown first, and whose it is
// can be said.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../../app/describe-error.ts';
import { notify } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { FilesField } from '../../../ui/files-field.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { type Choice, Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './import-dialog.module.css';
import { ImportPreviewTable } from './import-preview.tsx';
import { readTexts, type TextOfFile } from './use-dropped-files.ts';
import { resultKeys } from './use-results.ts';

const NO_RUN = '-none-';

export function ImportDialog({
  files: initialFiles = [],
  onClose,
}: {
  readonly files?: readonly TextOfFile[];
  readonly onClose: () => void;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const [files, setFiles] = useState(initialFiles);
  const [paths, setPaths] = useState('');
  const [table, setTable] = useState('');
  const [model, setModel] = useState('');
  const [run, setRun] = useState<string | null>(null);
  const [step, setStep] = useState('');
  const { isBusy, failure, attempt } = useAttempt();
  const source = {
    files: [...files],
    paths: paths
      .split('\n')
      .map((path) => path.trim())
      .filter((path) => path !== ''),
    table: table.trim() === '' ? null : table,
    model: model.trim() === '' ? null : model.trim(),
  };
  const hasSource = source.files.length > 0 || source.paths.length > 0 || source.table !== null;
  const preview = useQuery({
    queryKey: [...resultKeys.all, 'preview', source],
    enabled: hasSource,
    retry: false,
    gcTime: 0,
    queryFn: ({ signal }) => client.evaluations.preview(source, { signal }),
  });
  const runs = useQuery({
    queryKey: [...resultKeys.all, 'runs'],
    queryFn: ({ signal }) => client.runs.list(undefined, { signal }),
  });
  const named = preview.data?.named ?? null;
  // What the name says counts until a person says otherwise.
  const chosenRun = run ?? (named?.isKnown === true ? named.run : null);
  const stepText = step === '' && named !== null && run === null ? String(named.step) : step;
  const stepNumber = /^\d{1,15}$/.test(stepText) ? Number(stepText) : null;
  const save = async () => {
    await attempt(async () => {
      const { imported, problems } = await client.evaluations.importFiles({
        ...source,
        run: chosenRun === NO_RUN ? null : chosenRun,
        step: stepNumber,
      });
      await queries.invalidateQueries({ queryKey: resultKeys.all });
      const count = imported.reduce((sum, { results }) => sum + results, 0);
      notify({
        severity: 'good',
        title: imported.every(({ alreadyThere }) => alreadyThere)
          ? 'These results were there already'
          : `${formatQuantity(count, 'result')} imported`,
        detail: [
          imported.map(({ folder }) => folder).join(', '),
          problems.length === 0 ? '' : `${formatQuantity(problems.length, 'part')} could not be read`,
        ]
          .filter((part) => part !== '')
          .join(' · '),
      });
      onClose();
    });
  };
  const bring = (list: readonly File[]) =>
    void readTexts(list).then((read) => {
      const own = new Set(read.map(({ name }) => name));
      setFiles((known) => [...known.filter(({ name }) => !own.has(name)), ...read]);
    });
  const runChoices: readonly Choice[] = [
    { id: NO_RUN, label: 'No run of this workspace' },
    ...(runs.data ?? []).map(({ id, name }) => ({ id, label: name, detail: id })),
  ];
  return (
    <Dialog
      title="Import results"
      width="wide"
      isOpen
      onClose={onClose}
      isDismissable={!hasSource}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={isBusy || (preview.data?.count ?? 0) === 0}
            isPending={isBusy}
            onPress={() => void save()}
          >
            {preview.data === undefined ? 'Import' : `Import ${formatQuantity(preview.data.count, 'result')}`}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <FilesField
          label="Files with results"
          types={['.json', '.jsonl', '.txt', '.md']}
          hint="or drop results_….json and samples_….jsonl here"
          names={files.map(({ name }) => name)}
          onFiles={bring}
          onClear={() => setFiles([])}
        />
        <PathsField value={paths} onChange={setPaths} />
        <TextField
          label="Or a printed table"
          lines={4}
          mono
          value={table}
          onChange={setTable}
          placeholder="|  Tasks  |Version|Filter|n-shot|Metric| |Value| |Stderr|"
          hint="As lm-eval or lighteval print it, or models by tasks as in a report"
        />
        <div className={styles['whose']}>
          <TextField
            label="Model"
            value={model}
            onChange={setModel}
            placeholder={preview.data?.models[0] ?? 'as the files name it'}
          />
          <Select
            label="Run"
            choices={runChoices}
            value={chosenRun ?? NO_RUN}
            onChange={(id) => {
              setRun(id);
              if (step === '') setStep(stepText);
            }}
          />
          <TextField
            label="Step"
            value={stepText}
            onChange={setStep}
            error={stepText !== '' && stepNumber === null ? 'A step is a whole number' : null}
          />
        </div>
        {failure === null ? null : <ErrorState compact {...describeError(failure)} />}
        {!hasSource ? null : preview.error ? (
          <ErrorState compact {...describeError(preview.error)} />
        ) : preview.data === undefined ? (
          <p className={styles['reading']}>Reading…</p>
        ) : (
          <ImportPreviewTable preview={preview.data} />
        )}
      </div>
    </Dialog>
  );
}

function PathsField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <TextField
      label="Or paths on the computer of the studio"
      mono
      value={value}
      onChange={onChange}
      placeholder="~/eval-output"
      hint="Files, or folders with everything below them"
    />
  );
}
