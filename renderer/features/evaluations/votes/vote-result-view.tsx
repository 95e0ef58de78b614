// The result of a vote that is not blind any more: one sentence, the table of voters, how far they agree, and every item again.
import { useQuery } from '@tanstack/react-query';
import { toCsv, toMarkdown, shownText } from '../../../../core/lib/figures/figure-table.ts';
import type { VoteSummary } from '../../../../core/api/votes.ts';
import type { Outcome, VoteResult } from '../../../../core/lib/votes/vote-result.ts';
import { pText, voteChoicesTable, voteSummaryTable } from '../../../../core/lib/votes/vote-table.ts';
import { describeError } from '../../../app/describe-error.ts';
import { useClient } from '../../../app/session.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatDateTime, formatFixed, formatInteger, formatQuantity } from '../../../ui/format.ts';
import { PropertyList } from '../../../ui/property-list.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import styles from './vote-result-view.module.css';
import { votesKey } from './use-votes.ts';

export function VoteResultView({ summary }: { readonly summary: VoteSummary }) {
  const client = useClient();
  const { vote } = summary;
  const result = useQuery({
    queryKey: [...votesKey, 'result', vote],
    queryFn: () => client.votes.result({ vote }),
  });
  if (result.error) return <ErrorState {...describeError(result.error)} />;
  if (!result.data) return <Skeleton label="Counting the choices" rows={6} />;
  return <Result summary={summary} result={result.data} />;
}

function Result({ summary, result }: { readonly summary: VoteSummary; readonly result: VoteResult }) {
  const labels = [summary.sides[0].label, summary.sides[1].label] as const;
  const table = voteSummaryTable(result, labels);
  const { agreement, sameAnswers, left, decided } = result;
  return (
    <div className={styles['result']}>
      <p className={styles['verdict']} role="status">
        {verdictOf(result, labels)}
      </p>
      <div className={styles['copies']}>
        <CopyButton text={toMarkdown(table)} label="Copy as Markdown" />
        <CopyButton text={toCsv(voteChoicesTable(result, labels))} label="Copy every choice as CSV" />
      </div>
      <div className={styles['scroll']}>
        <DataTable
          label="Choices by voter"
          columns={table.header.map((header, column) => ({
            id: header,
            header,
            align: column === 0 ? 'left' : 'right',
            cell: (row: (typeof table.rows)[number]) => shownText(table, row[column] ?? null, column),
          }))}
          rows={table.rows}
          idOf={(row) => String(row[0])}
        />
      </div>
      <p className={styles['note']}>
        p is of the two-sided exact sign test on what was decided, ties left out; the interval is exact
        (Clopper-Pearson). Choices of several people on one item hang together, so with more than one voter
        the row by majority is the one to quote.
      </p>
      <PropertyList
        properties={[
          { name: 'Left preferred', value: `${formatInteger(left)} of ${formatQuantity(decided, 'choice')}` },
          { name: 'Same answer from both', value: `${formatQuantity(sameAnswers, 'prompt')}, not asked` },
          ...agreement.pairs.map((pair) => ({
            name: `${pair.left} and ${pair.right}`,
            value:
              pair.items === 0
                ? 'no item in common'
                : `agree on ${formatInteger(pair.same)} of ${formatQuantity(pair.items, 'item')}`,
          })),
          ...(agreement.krippendorff === null
            ? []
            : [{ name: 'Krippendorff’s alpha', value: formatFixed(agreement.krippendorff, 2) }]),
          ...(summary.unblinded === null
            ? []
            : [
                {
                  name: 'Ended',
                  value: `by ${summary.unblinded.by}, ${formatDateTime(summary.unblinded.atMs)}`,
                },
              ]),
          ...summary.sides.map(({ label, modelPath, modelKey, quantization }) => ({
            name: label,
            value: [modelPath, quantization, modelKey].filter(Boolean).join(' · '),
          })),
        ]}
      />
      <DataTable
        label="Items"
        columns={[
          { id: 'item', header: 'Item', cell: ({ id }: VoteResult['items'][number]) => id },
          ...result.voters.map(({ voter }) => ({
            id: voter,
            header: voter,
            cell: ({ outcomes }: VoteResult['items'][number]) =>
              outcomeText(outcomes.find((one) => one.voter === voter)?.outcome, labels),
          })),
        ]}
        rows={result.items}
        idOf={({ id }) => id}
      />
    </div>
  );
}

function outcomeText(outcome: Outcome | undefined, labels: readonly [string, string]): string {
  if (outcome === undefined) return '–';
  return { first: labels[0], second: labels[1], tie: 'tie', skip: 'skipped' }[outcome];
}

/** Several voters count by item, one voter by choice. */
function verdictOf(result: VoteResult, labels: readonly [string, string]): string {
  const tally = result.voters.length > 1 ? result.byItem : result.total;
  const [first, second] = [tally.first, tally.second];
  if (first + second === 0) return 'Nothing was decided';
  const what = result.voters.length > 1 ? 'item' : 'choice';
  const [winner, wins, low, high] =
    first >= second
      ? [labels[0], first, tally.low, tally.high]
      : [labels[1], second, 1 - tally.high, 1 - tally.low];
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const sure = tally.p < 0.05 ? '' : ' That may be chance.';
  const head =
    first === second
      ? `Both are preferred equally often, ${formatQuantity(first, what)} each`
      : `${winner} is preferred in ${formatInteger(wins)} of ${formatQuantity(first + second, `decided ${what}`)}`;
  return `${head} (${percent(wins / (first + second))}, 95 % interval ${percent(low)} to ${percent(high)}, p ${tally.p < 0.0001 ? '' : '= '}${pText(tally.p)}).${sure}`;
}
