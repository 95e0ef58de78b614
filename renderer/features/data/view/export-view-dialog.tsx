// Asks where the rows of a view go, shows how far the export is, and lets it be cancelled.
import { useEffect, useRef, useState } from 'react';
import type { DatasetInfo, ExportFormat, ExportViewEvent } from '../../../../core/api/datasets.ts';
import { type DatasetView, filterSentence, sortSentence } from '../../../../core/lib/datasets/view.ts';
import { describeError, isAbort } from '../../../app/describe-error.ts';
import { notify } from '../../../app/notifications.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { formatDiskSize, formatQuantity } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './view.module.css';

const formats = [
  { id: 'parquet', label: '.parquet', detail: 'Whole rows, zstd' },
  { id: 'jsonl.zst', label: '.jsonl.zst', detail: 'Whole rows as JSON lines' },
  { id: 'ids', label: '.ids', detail: 'One id a line' },
] as const satisfies readonly { id: ExportFormat; label: string; detail: string }[];

function stemOf(path: string): string {
  return `${path.replace(/\.(parquet|jsonl(\.(gz|zst))?)$/i, '')}-view`;
}

export function ExportViewDialog(props: {
  readonly dataset: DatasetInfo;
  readonly view: DatasetView;
  readonly onClose: () => void;
}) {
  const { dataset, view, onClose } = props;
  const client = useClient();
  const [stem, setStem] = useState(stemOf(dataset.path));
  const [format, setFormat] = useState<ExportFormat>('parquet');
  const [overwrite, setOverwrite] = useState(false);
  const [failure, setFailure] = useState<{ readonly text: string; readonly exists: boolean } | null>(null);
  const [fraction, setFraction] = useState<number | null>(null);
  const [isBusy, setBusy] = useState(false);
  const controller = useRef<AbortController | null>(null);
  // Leaving the dataset ends its export: nothing half-written stays.
  useEffect(() => () => controller.current?.abort(), []);
  const output = `${stem.trim()}.${format}`;
  const sentences = [
    ...view.filters.map(filterSentence),
    ...(view.search === '' ? [] : [`${dataset.textColumn ?? 'text'} contains “${view.search}”`]),
    ...(view.sort === null ? [] : [sortSentence(view.sort)]),
  ];

  const run = async () => {
    const current = new AbortController();
    controller.current = current;
    setBusy(true);
    setFraction(null);
    setFailure(null);
    try {
      const { signal } = current;
      const { path } = dataset;
      const events = await client.datasets.exportView({ path, view, output, format, overwrite }, { signal });
      for await (const event of events) {
        if (event.kind === 'done') sayDone(event, format);
        else setFraction(event.totalRows === 0 ? null : event.doneRows / event.totalRows);
      }
      onClose();
    } catch (error) {
      if (current.signal.aborted || isAbort(error))
        setFailure({ text: 'The export was cancelled. Nothing was written', exists: false });
      else {
        const { title, hint, code } = describeError(error);
        setFailure({ text: `${title}. ${hint}`, exists: code === 'ALREADY_EXISTS' });
      }
      setBusy(false);
    }
  };
  const close = () => {
    controller.current?.abort();
    onClose();
  };
  return (
    <Dialog
      title="Export rows"
      isOpen
      onClose={close}
      actions={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button kind="primary" isDisabled={stem.trim() === '' || isBusy} onPress={() => void run()}>
            Export
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <p className={styles['hint']}>{sentences.length === 0 ? 'All rows' : sentences.join('; ')}</p>
        <div className={styles['file']}>
          <TextField
            label="File"
            value={stem}
            onChange={(next) => {
              setStem(next);
              setFailure(null);
              setOverwrite(false);
            }}
            isDisabled={isBusy}
            autoFocus
            mono
            error={failure?.text ?? null}
          />
          <Select label="Format" choices={formats} value={format} onChange={setFormat} isDisabled={isBusy} />
        </div>
        {failure?.exists ? (
          <Checkbox isSelected={overwrite} onChange={setOverwrite}>
            Replace the file that is there
          </Checkbox>
        ) : null}
        {isBusy ? (
          <Progress label="Writing" fraction={fraction} onCancel={() => controller.current?.abort()} />
        ) : (
          <p className={styles['hint']}>
            A recipe is written beside it, so that the file says how it was made
          </p>
        )}
      </div>
    </Dialog>
  );
}

function sayDone(event: Extract<ExportViewEvent, { kind: 'done' }>, format: ExportFormat): void {
  const { output, rows, sizeBytes, idColumn } = event;
  const ids = idColumn === null ? 'row numbers' : `ids from ${idColumn}`;
  notify({
    severity: 'good',
    title: `${formatQuantity(rows, 'row')} exported`,
    detail: `${output} · ${formatDiskSize(sizeBytes)}${format === 'ids' ? ` · ${ids}` : ''}`,
    ...(format === 'ids'
      ? {}
      : {
          action: {
            label: 'Open the export',
            perform: () => navigate(href('data', output, { view: 'rows' })),
          },
        }),
  });
}
