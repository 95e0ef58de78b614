// Models against languages and domains (or phenomena): what was measured, and which models are measured next.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import type { LikelihoodModel, LikelihoodSource, LikelihoodTable } from '../../../../core/api/likelihood.ts';
import type { FigureTable } from '../../../../core/lib/figures/figure-table.ts';
import { describeError, isAbort } from '../../../app/describe-error.ts';
import { workspaceKey, queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity, formatShare } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import styles from './likelihood.module.css';

const SHIPPED = '-shipped-';

/** How many documents of a file are measured. */
const FILE_LIMIT = 200;

export function MeasuredView({ kind }: { readonly kind: 'texts' | 'pairs' }) {
  const client = useClient();
  const queries = useQueryClient();
  const [file, setFile] = useState(SHIPPED);
  const [asks, setAsks] = useState(false);
  const [progress, setProgress] = useState<{ readonly done: number; readonly total: number } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const controller = useRef<AbortController | null>(null);
  const datasets = useQuery({ queryKey: queryKeys.datasets, queryFn: () => client.datasets.list() });
  const source = useMemo((): LikelihoodSource => {
    if (kind === 'pairs') return { kind: 'pairs' };
    return file === SHIPPED ? { kind: 'held-out' } : { kind: 'file', path: file, limit: FILE_LIMIT };
  }, [kind, file]);
  const queryKey = [...workspaceKey, 'likelihood', source];
  const table = useQuery({
    queryKey,
    queryFn: ({ signal }) => client.likelihood.table({ source }, { signal }),
    retry: false,
  });
  const measure = async (models: readonly string[]) => {
    const own = new AbortController();
    controller.current = own;
    setFailure(null);
    setProgress({ done: 0, total: 0 });
    try {
      const events = await client.likelihood.measure({ source, models: [...models] }, { signal: own.signal });
      for await (const event of events) {
        if (event.kind === 'progress') setProgress({ done: event.doneRows, total: event.totalRows });
        else queries.setQueryData(queryKey, event.result);
      }
    } catch (error) {
      if (!isAbort(error)) setFailure(error);
      await queries.invalidateQueries({ queryKey });
    } finally {
      setProgress(null);
    }
  };
  return (
    <div className={styles['view']}>
      <div className={styles['tools']}>
        {kind === 'texts' ? (
          <Select
            label="Texts"
            isLabelHidden
            choices={[
              {
                id: SHIPPED,
                label: 'Held-out texts of the studio',
                detail: 'Italian and English, six domains each',
              },
              ...(datasets.data ?? []).map(({ path }) => ({
                id: path,
                label: path,
                detail: `its first ${FILE_LIMIT} documents`,
              })),
            ]}
            value={file}
            onChange={setFile}
          />
        ) : null}
        <span className={styles['spring']} />
        <Button kind="primary" isDisabled={progress !== null} onPress={() => setAsks(true)}>
          Measure models…
        </Button>
      </div>
      {progress === null ? null : (
        <Progress
          label="Measuring"
          fraction={progress.total === 0 ? null : progress.done / progress.total}
          amount={
            progress.total === 0
              ? ''
              : `${formatInteger(progress.done)} of ${formatInteger(progress.total)} ${kind}`
          }
          onCancel={() => controller.current?.abort()}
        />
      )}
      {failure === null ? null : <ErrorState compact {...describeError(failure)} />}
      {table.error ? (
        <ErrorState {...describeError(table.error)} />
      ) : table.data === undefined ? (
        <Skeleton label="Reading what was measured" />
      ) : table.data.models.length === 0 ? (
        <EmptyState title="Nothing measured yet">
          <p>
            {kind === 'texts'
              ? 'The likelihood of text nobody trained on moves long before answers look better. It is given in bits per byte, so models with different tokenizers can be compared.'
              : 'Each pair has one right and one wrong sentence: agreement, word order, facts. A model that knows better finds the right one more likely.'}
          </p>
        </EmptyState>
      ) : kind === 'texts' ? (
        <BitsTable table={table.data} />
      ) : (
        <PairsTable table={table.data} />
      )}
      {asks ? (
        <ModelsDialog
          onMeasure={(models) => {
            setAsks(false);
            void measure(models);
          }}
          onClose={() => setAsks(false)}
        />
      ) : null}
    </div>
  );
}

const nameOf = ({ name, run, type }: LikelihoodModel): string =>
  [run === null ? '' : `${run.id} `, name, type === null ? '' : ` · ${type.toLowerCase()}`].join('');

function BitsTable({ table }: { readonly table: LikelihoodTable }) {
  const columns = groupNames(
    table.models.flatMap(({ bits }) => bits.map((one) => [one.language, one.domain])),
  );
  const cellOf = (model: LikelihoodModel, [language, domain]: Group) =>
    model.bits.find((one) => one.language === language && one.domain === domain) ?? null;
  const numbers = (): FigureTable => ({
    header: ['Model', ...columns.map(titleOf)],
    rows: table.models.map((model) => [
      nameOf(model),
      ...columns.map((group) => cellOf(model, group)?.bitsPerByte ?? null),
    ]),
  });
  const left =
    table.left === null || table.left === 0
      ? ''
      : `sample of ${table.total}, ${formatInteger(table.left)} more left out`;
  return (
    <Figure
      table={table}
      name={`Bits per byte, ${table.title}`}
      aside={left}
      numbers={numbers}
      columns={columns}
    >
      {(model, group) => {
        const cell = cellOf(model, group);
        if (cell === null) return '–';
        const error = cell.standardError === null ? '' : ` ± ${cell.standardError.toFixed(3)}`;
        return (
          <span
            title={`${formatQuantity(cell.documents, 'text')}, ${formatQuantity(cell.bytes, 'byte')}, ${formatQuantity(cell.tokens, 'token')}`}
          >
            {cell.bitsPerByte.toFixed(3)}
            <small>{error}</small>
          </span>
        );
      }}
    </Figure>
  );
}

function PairsTable({ table }: { readonly table: LikelihoodTable }) {
  const columns = groupNames(
    table.models.flatMap(({ pairs }) => pairs.map((one) => [one.language, one.phenomenon])),
  );
  const cellOf = (model: LikelihoodModel, [language, phenomenon]: Group) =>
    model.pairs.find((one) => one.language === language && one.phenomenon === phenomenon) ?? null;
  const numbers = (): FigureTable => ({
    header: ['Model', ...columns.map(titleOf)],
    rows: table.models.map((model) => [
      nameOf(model),
      ...columns.map((group) => cellOf(model, group)?.share ?? null),
    ]),
  });
  return (
    <Figure
      table={table}
      name="Pairs that are right"
      aside="chance is 50 %"
      numbers={numbers}
      columns={columns}
    >
      {(model, group) => {
        const cell = cellOf(model, group);
        return cell === null ? (
          '–'
        ) : (
          <span title={`${cell.correct} of ${formatQuantity(cell.pairs, 'pair')}`}>
            {formatShare(cell.share)}
            <small>{` ± ${formatShare(cell.standardError)}`}</small>
          </span>
        );
      }}
    </Figure>
  );
}

type Group = readonly [language: string | null, part: string | null];

function groupNames(all: readonly Group[]): readonly Group[] {
  return [...new Map(all.map((group) => [group.join('\n'), group])).values()];
}

const titleOf = ([language, part]: Group): string =>
  language === null ? 'all' : part === null ? language : `${language} ${part}`;

function Figure(props: {
  readonly table: LikelihoodTable;
  readonly name: string;
  readonly aside: string;
  readonly numbers: () => FigureTable;
  readonly columns: readonly Group[];
  readonly children: (model: LikelihoodModel, group: Group) => React.ReactNode;
}) {
  const { table, name, aside, numbers, columns, children } = props;
  return (
    <FigureFrame
      title={name}
      name={name}
      summary={`${formatQuantity(table.models.length, 'model')} on ${formatQuantity(table.total, 'text')}`}
      aside={aside}
      numbers={numbers}
      isTableItself
    >
      <div className={styles['scroll']}>
        <table className={styles['table']} aria-label={name}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              {columns.map((group) => (
                <th key={titleOf(group)} scope="col" data-part={group[1] === null ? undefined : ''}>
                  {titleOf(group)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.models.map((model) => (
              <tr key={model.path}>
                <th scope="row" title={model.path}>
                  {nameOf(model)}
                  {model.measured < table.total ? (
                    <small>{` ${model.measured} of ${table.total}`}</small>
                  ) : null}
                </th>
                {columns.map((group) => (
                  <td key={titleOf(group)} data-part={group[1] === null ? undefined : ''}>
                    {children(model, group)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </FigureFrame>
  );
}

function ModelsDialog({
  onMeasure,
  onClose,
}: {
  readonly onMeasure: (models: readonly string[]) => void;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const models = useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const usable = (models.data ?? []).filter(({ problem }) => problem === null);
  const chosen = usable.map(({ path }) => path).filter((path) => !left.has(path));
  return (
    <Dialog
      title="Measure models"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={chosen.length === 0} onPress={() => onMeasure(chosen)}>
            {`Measure ${formatQuantity(chosen.length, 'model')}`}
          </Button>
        </>
      }
    >
      {models.data === undefined ? <Skeleton label="Looking for models" rows={3} /> : null}
      {models.data !== undefined && usable.length === 0 ? (
        <p>There is no model in this workspace yet</p>
      ) : null}
      <ul className={styles['models']} aria-label="Models">
        {usable.map(({ path }) => (
          <li key={path}>
            <Checkbox
              isSelected={!left.has(path)}
              onChange={(isChosen) => {
                const next = new Set(left);
                if (isChosen) next.delete(path);
                else next.add(path);
                setLeft(next);
              }}
            >
              {path}
            </Checkbox>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
