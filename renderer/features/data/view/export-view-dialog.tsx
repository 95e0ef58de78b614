// Asks where the rows of a view go, shows how far the export is, and lets it be cancelled.
import { useEffect, useRef, useState } from 'react';
import type { DatasetInfo, ExportFormat, ExportViewEvent } from '../../../../core/api/datasets.ts';
import { type DatasetView, viewSentences } from '../../../../core/lib/datasets/view.ts';
import { isAbort } from '../../../app/describe-error.ts';
import { notify } from '../../../app/notifications.ts';
import { OutputDialog, outputFailure, useNamedOutput } from '../../../app/output-dialog.tsx';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { useDecodingTokenizer } from '../reader/use-tokenizers.ts';
import { formatDiskSize, formatQuantity } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import styles from './view.module.css';

const formats = [
  { id: 'parquet', label: '.parquet', detail: 'Whole rows, zstd' },
  { id: 'jsonl.zst', label: '.jsonl.zst', detail: 'Whole rows as JSON lines' },
  { id: 'ids', label: '.ids', detail: 'One id a line' },
] as const satisfies readonly { id: ExportFormat; label: string; detail: string }[];

function stemOf(path: string): string {
  const stem = path
    .replace(/\.(parquet|csv|tsv|arrow|jsonl|ndjson)(\.(gz|zst))?$/i, '')
    .replaceAll(/[*?[\]{}]+/g, '')
    .replace(/\/+$/, '');
  return `${stem}-view`;
}

export function ExportViewDialog(props: {
  readonly dataset: DatasetInfo;
  readonly view: DatasetView;
  readonly onClose: () => void;
}) {
  const { dataset, view, onClose } = props;
  const client = useClient();
  const [tokenizer] = useDecodingTokenizer(dataset.path);
  const named = useNamedOutput(stemOf(dataset.path));
  const [format, setFormat] = useState<ExportFormat>('parquet');
  const [fraction, setFraction] = useState<number | null>(null);
  const controller = useRef<AbortController | null>(null);
  // Leaving the dataset ends its export: nothing half-written stays.
  useEffect(() => () => controller.current?.abort(), []);
  const output = `${named.name.trim()}.${format}`;
  const sentences = viewSentences(view, dataset.textColumn);

  const run = async () => {
    const current = new AbortController();
    controller.current = current;
    setFraction(null);
    const isDone = await named.attempt(
      async () => {
        const wish = { path: dataset.path, view, output, format, overwrite: named.overwrite };
        const input = tokenizer === '' ? wish : { ...wish, tokenizer };
        for await (const event of await client.datasets.exportView(input, { signal: current.signal })) {
          if (event.kind === 'done') sayDone(event, format);
          else setFraction(event.totalRows === 0 ? null : event.doneRows / event.totalRows);
        }
      },
      (error) =>
        current.signal.aborted || isAbort(error)
          ? { text: 'The export was cancelled. Nothing was written', exists: false }
          : outputFailure(error),
    );
    if (isDone) onClose();
  };
  const close = () => {
    controller.current?.abort();
    onClose();
  };
  return (
    <OutputDialog
      title="Export rows"
      verb="Export"
      output={named}
      fieldLabel="File"
      mono
      formats={{ choices: formats, value: format, onChange: setFormat }}
      replaceLabel="Replace the file that is there"
      canSubmit={named.name.trim() !== ''}
      onSubmit={() => void run()}
      onClose={close}
      summary={<p className={styles['hint']}>{sentences.length === 0 ? 'All rows' : sentences.join('; ')}</p>}
    >
      {named.isBusy ? (
        <Progress label="Writing" fraction={fraction} onCancel={() => controller.current?.abort()} />
      ) : (
        <p className={styles['hint']}>A recipe is written beside it, so that the file says how it was made</p>
      )}
    </OutputDialog>
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
