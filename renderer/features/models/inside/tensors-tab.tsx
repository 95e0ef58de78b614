// Every tensor of a model: shape, type, size, and what its values are once they were read. Filtered by words, sorted by any column.
import { useEffect, useMemo, useState } from 'react';
import type { TensorEntry, TensorStatistics, WeightsDetail } from '../../../../core/api/weights.ts';
import { describeError } from '../../../app/describe-error.ts';
import { useClient } from '../../../app/session.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatCount, formatDiskSize, formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import { type SortedColumn, SortedTable } from '../sorted-table.tsx';
import styles from './inside.module.css';
import { readStatistics, statisticsWork, useReadStatistics } from './statistics-work.ts';
import { number } from './value-words.ts';

/** Read without being asked: a second or so of an ordinary disk. */
const READ_UNASKED_BYTES = 1_000_000_000;

type TensorRow = TensorEntry & { readonly values: TensorStatistics | null };

export function TensorsTab({
  path,
  detail,
  chosen,
  onChoose,
}: {
  readonly path: string;
  readonly detail: WeightsDetail;
  readonly chosen: string | null;
  readonly onChoose: (name: string) => void;
}) {
  const client = useClient();
  const [words, setWords] = useState('');
  const work = statisticsWork.use(path);
  const read = useReadStatistics(path);
  const isSmall = detail.sizeBytes <= READ_UNASKED_BYTES;
  useEffect(() => {
    if (isSmall && statisticsWork.get(path) === null) readStatistics(client, path);
  }, [client, path, isSmall]);

  const rows = useMemo(() => {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    return detail.tensors
      .filter(({ name, type }) => {
        const text = `${name} ${type}`.toLowerCase();
        return wanted.every((word) => text.includes(word));
      })
      .map((tensor): TensorRow => ({ ...tensor, values: read?.byName.get(tensor.name) ?? null }));
  }, [detail, words, read]);
  const broken = rows.reduce((sum, { values }) => sum + (values ? values.nan + values.infinite : 0), 0);
  const shownValues = rows.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return (
    <div className={styles['tab']}>
      <div className={styles['bar']}>
        <SearchField
          label="Filter tensors"
          value={words}
          onChange={setWords}
          placeholder="Filter: q_proj bf16"
        />
        <span className={styles['facts']}>
          {`${formatInteger(rows.length)} of ${formatQuantity(detail.tensors.length, 'tensor')} · ${formatCount(shownValues)} values · ${formatDiskSize(rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))}`}
        </span>
        {broken > 0 ? (
          <Badge tone="bad">{`${formatQuantity(broken, 'value')} NaN or infinite`}</Badge>
        ) : work?.kind === 'done' ? (
          <Badge tone="good">Every value is a number</Badge>
        ) : null}
        <span className={styles['spring']} />
        {work === null || work.kind === 'failed' ? (
          <Button onPress={() => readStatistics(client, path)}>Read all values</Button>
        ) : null}
      </div>
      {work?.kind === 'working' ? (
        <div className={styles['progress']}>
          <Progress
            label="Reading every value"
            fraction={work.share}
            amount={`${formatDiskSize(work.share * detail.sizeBytes)} of ${formatDiskSize(detail.sizeBytes)}`}
            onCancel={() => statisticsWork.cancel(path)}
          />
        </div>
      ) : null}
      {work?.kind === 'failed' ? <ErrorState compact {...describeError(work.error)} /> : null}
      <div className={styles['rest']}>
        <SortedTable
          label="Tensors"
          columns={columns}
          rows={rows}
          idOf={({ name }) => name}
          selectedId={chosen}
          onSelect={onChoose}
          empty="No tensor has these words in its name or type"
        />
      </div>
    </div>
  );
}

const valueColumn = (
  id: 'norm' | 'mean' | 'deviation' | 'least' | 'largest',
  header: string,
  title: string,
): SortedColumn<TensorRow> => ({
  id,
  header,
  title,
  widthPx: 76,
  align: 'right',
  value: ({ values }) => values?.[id] ?? null,
  cell: ({ values }) => number(values?.[id] ?? null),
});

const columns: readonly SortedColumn<TensorRow>[] = [
  {
    id: 'name',
    header: 'Tensor',
    widthPx: 170,
    grows: true,
    value: ({ name }) => name,
    cell: ({ name }) => (
      <span className={styles['mono']} title={name}>
        {name}
      </span>
    ),
  },
  {
    id: 'shape',
    header: 'Shape',
    title: 'Rows × columns, as PyTorch writes them; sorted by how many values there are',
    widthPx: 104,
    align: 'right',
    value: ({ shape }) => shape.reduce((a, b) => a * b, 1),
    cell: ({ shape }) => shape.map((size) => formatInteger(size)).join(' × '),
  },
  { id: 'type', header: 'Type', widthPx: 58, value: ({ type }) => type, cell: ({ type }) => type },
  {
    id: 'size',
    header: 'Size',
    widthPx: 70,
    align: 'right',
    value: ({ sizeBytes }) => sizeBytes,
    cell: ({ sizeBytes }) => formatDiskSize(sizeBytes),
  },
  valueColumn('norm', 'Norm', 'Euclidean norm of the finite values'),
  valueColumn('mean', 'Mean', 'Of the finite values'),
  valueColumn('deviation', 'Deviation', 'Standard deviation of the finite values'),
  valueColumn('least', 'Least', 'Smallest finite value'),
  valueColumn('largest', 'Largest', 'Largest finite value'),
  {
    id: 'broken',
    header: 'NaN, inf',
    title: 'Values that are NaN or infinite',
    widthPx: 70,
    align: 'right',
    value: ({ values }) => (values ? values.nan + values.infinite : null),
    cell: ({ values }) => (values ? formatInteger(values.nan + values.infinite) : ''),
  },
];
