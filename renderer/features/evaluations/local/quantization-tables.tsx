// What smaller types of the same weights lose: one table a task, each row against the largest, question by question.
import { Gauge } from 'lucide-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  EvaluationRun,
  QuantizationComparison,
  QuantizationResult,
} from '../../../../core/api/evaluation-runs.ts';
import { workspaceKey } from '../../../app/query-keys.ts';
import { Link } from '../../../app/link.tsx';
import { notifyError } from '../../../app/notifications.ts';
import { href } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { DataTable, toMarkdownTable } from '../../../ui/data-table.tsx';
import { formatDiskSize, formatSigned } from '../../../ui/format.ts';
import styles from './local.module.css';
import { questionsHref } from '../progress/place.ts';
import { metricWords, modelWords } from './run-words.ts';
import { useQuantizationResults } from './use-local-runs.ts';

export function QuantizationTables({ run }: { readonly run: EvaluationRun }) {
  const tables = useQuantizationResults(run);
  if (tables.data === undefined || tables.data.length === 0) return null;
  return (
    <>
      {tables.data.map((table) => (
        <One key={`${table.task} ${table.metric} ${table.filter} ${table.reference}`} table={table} />
      ))}
      <Measure paths={[...new Set(tables.data.flatMap(({ rows }) => rows.map(({ model }) => model)))]} />
    </>
  );
}

interface Column {
  readonly header: string;
  readonly text: (row: QuantizationResult) => string;
}

const FLIPS = 'Flips (lost, gained)';

const columns: readonly Column[] = [
  { header: 'Type', text: ({ type, name }) => type ?? name },
  { header: 'Size', text: ({ sizeBytes }) => formatDiskSize(sizeBytes) },
  {
    header: 'Value ± SE',
    text: ({ value, standardError }) =>
      standardError === null ? value.toFixed(4) : `${value.toFixed(4)} ± ${standardError.toFixed(4)}`,
  },
  {
    header: 'Difference ± SE',
    text: ({ against }) =>
      against === null
        ? '–'
        : `${formatSigned(against.difference, 4)}${against.standardError === null ? '' : ` ± ${against.standardError.toFixed(4)}`}`,
  },
  {
    header: FLIPS,
    text: ({ against }) =>
      against === null ? '–' : `${against.lost + against.gained} (${against.lost}, ${against.gained})`,
  },
  {
    header: 'p',
    text: ({ against }) => (against === null ? '–' : against.p < 0.0001 ? '< 0.0001' : against.p.toFixed(4)),
  },
  {
    header: 'Bits per byte',
    text: ({ bitsPerByte }) =>
      bitsPerByte.length === 0
        ? '–'
        : bitsPerByte.map(({ text, value }) => `${text} ${value.toFixed(3)}`).join(', '),
  },
  {
    header: 'Tokens/s',
    text: ({ tokensPerSecond }) => (tokensPerSecond === null ? '–' : tokensPerSecond.toFixed(1)),
  },
  { header: 'Memory', text: ({ memoryBytes }) => (memoryBytes === null ? '–' : formatDiskSize(memoryBytes)) },
];

function One({ table }: { readonly table: QuantizationComparison }) {
  const { task, rows, questions, reference } = table;
  const keyOf = useModelKeys(rows.map(({ model }) => model));
  const flipsHref = ({ model, against }: QuantizationResult): string | null => {
    const [first, second] = [keyOf(reference), keyOf(model)];
    if (against === null || against.gained + against.lost === 0 || !first || !second) return null;
    const { metric, filter } = table;
    return questionsHref({ model: first, with: second, task, metric, filter, show: 'flips' });
  };
  const test = rows.find(({ against }) => against !== null)?.against?.test;
  return (
    <section className={styles['table']} aria-label={`Quantizations on ${task}`}>
      <h3 className={styles['heading']}>{`Quantizations on ${task} (${metricWords(table)})`}</h3>
      <div className={styles['scroll']}>
        <DataTable
          label={`Quantizations on ${task}`}
          columns={columns.map(({ header, text }, place) => ({
            id: header,
            header,
            align: place === 0 ? 'left' : 'right',
            cell: (row: QuantizationResult) => {
              const to = header === FLIPS ? flipsHref(row) : null;
              return (
                <span className={styles['figure']}>
                  {to === null ? text(row) : <Link to={to}>{text(row)}</Link>}
                </span>
              );
            },
          }))}
          rows={rows}
          idOf={({ model }) => model}
        />
      </div>
      <div className={styles['below']}>
        <p className={styles['quiet']}>
          {`${questions.toLocaleString('en-US')} questions; differences and flips against ${modelWords(reference)}${test === undefined ? '' : `, ${test}`}. Speed, memory and bits per byte are those measured last.`}
        </p>
        <CompareLink table={table} keyOf={keyOf} />
        <CopyButton
          text={toMarkdownTable(
            columns.map(({ header }) => header),
            rows.map((row) => columns.map(({ text }) => text(row))),
          )}
          label="Copy as Markdown"
        />
      </div>
    </section>
  );
}

/** The names that results have, by the models' files. */
function useModelKeys(paths: readonly string[]): (path: string) => string | undefined {
  const client = useClient();
  const overview = useQuery({
    queryKey: [...workspaceKey, 'evaluations-overview', 'keys', ...paths],
    retry: false,
    queryFn: ({ signal }) => client.evaluations.overview(undefined, { signal }),
  });
  return (path) => overview.data?.models.find(({ modelPath }) => modelPath === path)?.key;
}

/** Task by task, with the smallest type of which a question flipped. */
function CompareLink(props: {
  readonly table: QuantizationComparison;
  readonly keyOf: (path: string) => string | undefined;
}) {
  const { table, keyOf } = props;
  const smaller = table.rows.findLast(({ against }) => against !== null && against.lost + against.gained > 0);
  const first = keyOf(table.reference);
  const second = smaller === undefined ? undefined : keyOf(smaller.model);
  if (first === undefined || second === undefined) return null;
  return <Link to={href('evaluations', 'compare', { first, second })}>Compare question by question</Link>;
}

function Measure({ paths }: { readonly paths: readonly string[] }) {
  const client = useClient();
  const queries = useQueryClient();
  const { isBusy, attempt } = useAttempt(notifyError);
  const measure = async () => {
    await attempt(async () => {
      for await (const _ of await client.quantizations.measure({ paths: [...paths] })) continue;
      await queries.invalidateQueries({ queryKey: [...workspaceKey, 'evaluation-quantizations'] });
    });
  };
  return (
    <div className={styles['start']}>
      <Button icon={Gauge} isDisabled={isBusy} onPress={() => void measure()}>
        {isBusy ? 'Measuring' : 'Measure speed, memory and bits per byte'}
      </Button>
    </div>
  );
}
