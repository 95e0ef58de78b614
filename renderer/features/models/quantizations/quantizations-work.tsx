// Quantizations of one checkpoint beside each other: size, speed, memory and what each loses. A measurement says how it was made.
import { Gauge } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { QuantizationTable } from '../../../../core/api/quantizations.ts';
import { shownText, toMarkdown } from '../../../../core/lib/figures/figure-table.ts';
import { measuredHow, quantizationFigures } from '../../../../core/lib/quantizations/quantization-table.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { Link } from '../../../app/link.tsx';
import { queryKeys } from '../../../app/query-keys.ts';
import { href } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatAge, formatDiskSize, formatQuantity } from '../../../ui/format.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Progress } from '../../../ui/progress.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { modelTitle } from '../model-name.ts';
import { useModelTitle } from '../use-model-title.ts';
import { ModelModeSwitch } from '../model-mode-switch.tsx';
import { MakeType } from './make-type.tsx';
import { MakeUsual, USUAL } from './make-usual.tsx';
import styles from './quantizations.module.css';
import { useQuantizations } from './use-quantizations.ts';

const GIGABYTE = 1e9;

export function QuantizationsWork({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const { group, table, measuring, failure, measure, cancel, refresh } = useQuantizations(path);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [added, setAdded] = useState<readonly string[]>([]);
  const [threads, setThreads] = useState<number | null>(null);
  const [memory, setMemory] = useState<number | null>(null);
  const members = group.data?.members ?? [];
  const titleOf = useModelTitle();
  const paths = [...members.map((one) => one.path), ...added].filter((one) => !left.has(one));
  const device =
    threads === null && memory === null
      ? null
      : { threads, memoryBytes: memory === null ? null : Math.round(memory * GIGABYTE) };
  const toggle = (one: string, isIn: boolean) => {
    const next = new Set(left);
    if (isIn) next.delete(one);
    else next.add(one);
    setLeft(next);
  };
  return (
    <Pane
      header={
        <PaneHeader
          title={titleOf(path)}
          detail={group.data ? formatQuantity(members.length, 'type') : ''}
          actions={<ModelModeSwitch path={path} query={query} />}
        />
      }
    >
      {group.error ? (
        <ErrorState {...describeError(group.error)} />
      ) : group.data ? (
        <div className={styles['stack']}>
          <fieldset className={styles['members']}>
            <legend>
              {group.data.weightsSha256 === null
                ? 'This file does not say which weights it was made from; these are of the same by their names'
                : 'Models of the same weights'}
            </legend>
            {[...members, ...added.map((one) => ({ path: one, quantization: '', sizeBytes: null }))].map(
              (one) => (
                <Checkbox
                  key={one.path}
                  isSelected={!left.has(one.path)}
                  onChange={(isIn) => toggle(one.path, isIn)}
                  isDisabled={measuring !== null}
                >
                  <span className={styles['member']} title={one.path}>
                    {one.quantization === '' ? titleOf(one.path) : one.quantization}
                    {one.sizeBytes === null ? null : (
                      <span className={styles['quiet']}>{formatDiskSize(one.sizeBytes)}</span>
                    )}
                  </span>
                </Checkbox>
              ),
            )}
          </fieldset>
          <div className={styles['controls']}>
            <AddModel
              known={[...members.map((one) => one.path), ...added]}
              onAdd={(one) => setAdded([...added, one])}
            />
            <MakeType path={path} group={group.data} onMade={() => void refresh()} />
            <span className={styles['limits']}>
              <NumberField
                label="Threads"
                value={threads}
                onChange={setThreads}
                min={1}
                max={256}
                placeholder="all"
              />
              <NumberField
                label="Memory (GB)"
                value={memory}
                onChange={setMemory}
                min={0.05}
                step={0.1}
                placeholder="no limit"
              />
            </span>
            <Button
              kind="primary"
              icon={Gauge}
              isDisabled={paths.length === 0 || measuring !== null}
              onPress={() => void measure(paths, device)}
            >
              Measure
            </Button>
            <MakeUsual
              path={path}
              group={group.data}
              isDisabled={measuring !== null}
              onMade={(made) => {
                void refresh();
                void measure([...paths, ...made], device);
              }}
            />
          </div>
          <p className={styles['quiet']}>
            {'Speed, memory and likelihood; for accuracy and the questions that flip, '}
            <Link to={href('evaluations', 'local', { models: path, types: USUAL.join(','), measure: '1' })}>
              evaluate them on a task…
            </Link>
          </p>
          {measuring === null ? null : (
            <Progress
              label={measuring.path === null ? 'Measuring' : `${titleOf(measuring.path)}: ${measuring.what}`}
              fraction={measuring.done / Math.max(1, measuring.total)}
              amount={`${measuring.rows.length} of ${paths.length} models`}
              onCancel={cancel}
            />
          )}
          {failure === null ? null : <ErrorState compact {...describeError(failure)} />}
          {table === null ? (
            measuring === null ? (
              <EmptyState icon={Gauge} title="Nothing measured yet">
                Each model is loaded alone and timed on a prompt of its own; then two held-out texts of ours,
                one Italian and one English, say what the smaller types lose.
              </EmptyState>
            ) : null
          ) : (
            <Table table={table} path={path} />
          )}
        </div>
      ) : (
        <Skeleton label="Looking for models of the same weights" />
      )}
    </Pane>
  );
}

function Table({ table, path }: { readonly table: QuantizationTable; readonly path: string }) {
  const figures = quantizationFigures(table);
  const rows = figures.rows.map((cells, index) => ({ cells, row: table.rows[index] }));
  const problems = table.rows.filter(({ problem }) => problem !== null);
  return (
    <section className={styles['table']} aria-label="Measured">
      <div className={styles['scroll']}>
        <DataTable
          label="Quantizations"
          columns={figures.header.map((header, column) => ({
            id: header,
            header,
            align: column === 0 ? 'left' : 'right',
            cell: ({ cells }: (typeof rows)[number]) => (
              <span className={styles['figure']}>{shownText(figures, cells[column] ?? null, column)}</span>
            ),
          }))}
          rows={rows}
          idOf={({ row }, index) => row?.path ?? String(index)}
          selectedId={path}
        />
      </div>
      {problems.map(({ path: failed, quantization, problem }) => (
        <p
          key={failed}
          className={styles['problem']}
        >{`${quantization} (${modelTitle(failed, null)}): ${problem}`}</p>
      ))}
      <div className={styles['below']}>
        <p className={styles['quiet']}>
          {`${measuredHow(table)} · ${formatAge(table.measuredMs)}. Loss and top-1 are against ${modelTitle(table.reference, null)}, on ${table.texts.map(({ text, bytes }) => `${formatDiskSize(bytes)} of ${text}`).join(' and ')} text; both models read the same tokens.`}
        </p>
        <CopyButton text={`${toMarkdown(figures)}\n\n${measuredHow(table)}`} label="Copy as Markdown" />
      </div>
    </section>
  );
}

function AddModel(props: { readonly known: readonly string[]; readonly onAdd: (path: string) => void }) {
  const client = useClient();
  const models = useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
  const others = (models.data ?? []).filter(
    ({ path, problem }) => problem === null && !props.known.includes(path),
  );
  if (others.length === 0) return null;
  return (
    <Select
      label="Beside it"
      choices={others.map((one) => ({
        id: one.path,
        label: one.path.split('/').slice(-2).join('/'),
        detail: [one.quantization, formatDiskSize(one.sizeBytes)].filter(Boolean).join(' · '),
      }))}
      value={null}
      onChange={props.onAdd}
      placeholder="Add another model"
    />
  );
}
