// What an import would save: the results as they were read, and what was not read.
import type { ImportPreview } from '../../../../core/api/evaluations.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { fourDigits } from './cell-words.ts';
import styles from './import-dialog.module.css';

type Read = ImportPreview['results'][number];

export function ImportPreviewTable({ preview }: { readonly preview: ImportPreview }) {
  const { results, count, files, harnesses, models, named, problems } = preview;
  return (
    <div className={styles['preview']}>
      <p className={styles['summary']} aria-live="polite">
        {[
          count === 0 ? 'No results were read' : `${formatQuantity(count, 'result')} read`,
          count === 0 ? '' : `from ${formatQuantity(files, 'file')}`,
          count === 0
            ? ''
            : harnesses.map((name) => (name === 'unknown' ? 'harness unknown' : name)).join(', '),
          models.length > 1 ? formatQuantity(models.length, 'model') : '',
        ]
          .filter((part) => part !== '')
          .join(' · ')}
        {named !== null && !named.isKnown
          ? `. The name looks like step ${named.step.toLocaleString('en-US')}; without a run it stays a model of its own`
          : ''}
      </p>
      {problems.length === 0 ? null : (
        <ul className={styles['problems']}>
          {problems.map(({ path, where, text }) => (
            <li key={`${path} ${where} ${text}`}>{`${where === '' ? path : where}: ${text}`}</li>
          ))}
        </ul>
      )}
      {count === 0 ? null : (
        <div className={styles['results']}>
          <DataTable<Read>
            label="Results that were read"
            rows={results}
            idOf={(_, index) => String(index)}
            columns={[
              ...(models.length > 1
                ? [{ id: 'model', header: 'Model', cell: ({ model }: Read) => model }]
                : []),
              { id: 'task', header: 'Task', cell: ({ task }) => task },
              {
                id: 'metric',
                header: 'Metric',
                cell: ({ metric, filter }) => (filter === 'none' ? metric : `${metric}, ${filter}`),
              },
              { id: 'shots', header: 'Examples', align: 'right', cell: ({ shots }) => shots ?? '–' },
              { id: 'value', header: 'Value', align: 'right', cell: ({ value }) => fourDigits(value) },
              {
                id: 'error',
                header: 'Standard error',
                align: 'right',
                cell: ({ standardError }) => (standardError === null ? '–' : fourDigits(standardError)),
              },
            ]}
          />
          {count > results.length ? <p>{`The first ${results.length} of ${count}`}</p> : null}
        </div>
      )}
    </div>
  );
}
