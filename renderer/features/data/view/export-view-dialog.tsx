// Asks where the rows of a view go, shows how far the export is, and lets it be cancelled.
import type { ExportFormat, ExportViewEvent } from '../../../../core/api/dataset-rows.ts';
import type { DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import { type DatasetView, viewSentences } from '../../../../core/lib/datasets/view.ts';
import { folderColumnLines } from '../../../../core/lib/quality/recognise-columns.ts';
import { notify } from '../../../app/notifications.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { formatDiskSize, formatQuantity } from '../../../ui/format.ts';
import { ExportDialog } from '../output/export-dialog.tsx';
import { stemBeside } from '../output/file-names.ts';
import { useDecodingTokenizer } from '../reader/use-tokenizers.ts';
import styles from './view.module.css';

const formats = [
  { id: 'parquet', label: '.parquet', detail: 'Whole rows, zstd' },
  { id: 'jsonl.zst', label: '.jsonl.zst', detail: 'Whole rows as JSON lines' },
  { id: 'ids', label: '.ids', detail: 'One id a line' },
] as const satisfies readonly { id: ExportFormat; label: string; detail: string }[];

export function ExportViewDialog(props: {
  readonly dataset: DatasetInfo;
  readonly view: DatasetView;
  readonly onClose: () => void;
}) {
  const { dataset, view, onClose } = props;
  const client = useClient();
  const [tokenizer] = useDecodingTokenizer(dataset.path);
  const sentences = viewSentences(view, dataset.textColumn);
  return (
    <ExportDialog<ExportFormat>
      title="Export rows"
      formats={formats}
      stem={stemBeside(dataset.path, 'view')}
      summary={<p className={styles['hint']}>{sentences.length === 0 ? 'All rows' : sentences.join('; ')}</p>}
      onClose={onClose}
      run={async ({ output, format, overwrite, signal, onProgress }) => {
        const wish = { path: dataset.path, view, output, format, overwrite };
        const input = tokenizer === '' ? wish : { ...wish, tokenizer };
        for await (const event of await client.datasets.exportView(input, { signal })) {
          if (event.kind === 'done') sayDone(event, format);
          else onProgress(event.totalRows === 0 ? null : event.doneRows / event.totalRows);
        }
      }}
    />
  );
}

function sayDone(event: Extract<ExportViewEvent, { kind: 'done' }>, format: ExportFormat): void {
  const { output, rows, sizeBytes, idColumn, folderColumns } = event;
  const ids = idColumn === null ? 'row numbers' : `ids from ${idColumn}`;
  notify({
    severity: 'good',
    title: `${formatQuantity(rows, 'row')} exported`,
    detail: [
      `${output} · ${formatDiskSize(sizeBytes)}${format === 'ids' ? ` · ${ids}` : ''}`,
      ...folderColumnLines(folderColumns),
    ].join('\n'),
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
