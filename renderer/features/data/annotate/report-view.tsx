// How far the annotators of a campaign agree: figures, spread, bias of each person, pairs, and documents to talk about.
import { useQuery } from '@tanstack/react-query';
import type { AnnotationReport, CampaignSummary } from '../../../../core/api/annotations.ts';
import { describeError } from '../../../app/describe-error.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { type FigureColumn, TableFigure } from '../../../charts/table-figure.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatFixed, formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Section } from '../../../ui/pane.tsx';
import { Figure } from '../../../ui/property-list.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { DivergingBar } from '../quality/charts/diverging-bar.tsx';
import { documentColumn } from './document-column.tsx';
import { placeHref } from './place.ts';
import frame from '../report-frame.module.css';
import styles from './report-view.module.css';
import { SpreadChart } from './spread-chart.tsx';
import { SpreadDocuments } from './spread-documents.tsx';
import { annotationsKey, ASK_AGAIN_MS } from './use-campaigns.ts';

export function ReportView(props: {
  readonly path: string;
  readonly campaign: CampaignSummary;
  /** The documents of this bar of the spread are listed. */
  readonly spread: number | null;
}) {
  const { path, campaign, spread } = props;
  const client = useClient();
  const report = useQuery({
    queryKey: [...annotationsKey, 'report', campaign.campaign],
    queryFn: ({ signal }) => client.annotations.report({ campaign: campaign.campaign }, { signal }),
    staleTime: 0,
    refetchInterval: ASK_AGAIN_MS,
  });
  if (report.error) return <ErrorState {...describeError(report.error)} />;
  if (!report.data) return <Skeleton label="Computing the agreement" rows={10} />;
  if (report.data.comparedDocuments === 0) {
    return (
      <EmptyState title="Nothing to compare yet">
        Agreement is shown once at least one document has ratings of two people.
      </EmptyState>
    );
  }
  const go = (position: number) => navigate(placeHref(path, { campaign: campaign.campaign, at: position }));
  const show = (atMost: number | null) =>
    navigate(placeHref(path, { campaign: campaign.campaign, show: 'report', spread: atMost }));
  return (
    <div className={frame['report']} role="region" aria-label="Agreement">
      <Figures report={report.data} />
      <div className={frame['columns']}>
        <SpreadChart
          shares={report.data.spreadShares}
          documents={report.data.comparedDocuments}
          onChoose={(atMost) => show(atMost === spread ? null : atMost)}
        />
        <People report={report.data} />
      </div>
      {spread === null ? null : (
        <SpreadDocuments
          campaign={campaign.campaign}
          atMost={spread}
          version={report.dataUpdatedAt}
          onGo={go}
          onClose={() => show(null)}
        />
      )}
      <Pairs report={report.data} />
      <Contested report={report.data} onGo={go} />
    </div>
  );
}

function shown(value: number | null, digits = 3): string {
  return value === null ? '–' : formatFixed(value, digits);
}
function percent(value: number | null): string {
  return value === null ? '–' : `${(100 * value).toFixed(1)} %`;
}

function Figures({ report }: { readonly report: AnnotationReport }) {
  const { krippendorff, fleiss } = report;
  const measures: readonly (readonly [string, number | null])[] = [
    ['Ratings', report.ratings],
    ['Documents with ratings', report.documents],
    ['Documents compared', report.comparedDocuments],
    ['Documents with all ratings', report.completeDocuments],
    ['Annotators', report.annotators.length],
    ['Majority agreement (share)', report.majorityAgreement],
    ['Full agreement (share)', report.fullAgreement],
    ['Mean standard deviation, population', report.meanStandardDeviation],
    ['Krippendorff alpha, ordinal', krippendorff.ordinal],
    ['Krippendorff alpha, interval', krippendorff.interval],
    [`Fleiss kappa, ${fleiss.documents} documents with ${fleiss.ratings} ratings`, fleiss.kappa],
  ];
  return (
    <div className={styles['summary']}>
      <FigureFrame
        name="Agreement of annotators"
        title="Agreement"
        summary={`Majority agreement ${percent(report.majorityAgreement)}, Krippendorff α ordinal ${shown(krippendorff.ordinal)}, Fleiss κ ${shown(fleiss.kappa)}`}
        numbers={() => ({ header: ['Measure', 'Value'], rows: measures })}
        isTableItself
      >
        <p className={styles['note']}>
          {formatQuantity(report.ratings, 'rating')} of {formatQuantity(report.documents, 'document')} by{' '}
          {formatQuantity(report.annotators.length, 'person', 'people')} ·{' '}
          {formatInteger(report.comparedDocuments)} with two or more are compared ·{' '}
          {formatInteger(report.completeDocuments)} of {formatInteger(report.campaignDocuments)} have all{' '}
          {formatInteger(report.overlap)}
        </p>
        <div className={frame['figures']}>
          <Figure value={percent(report.majorityAgreement)} caption="majority agreement, two or more equal" />
          <Figure value={percent(report.fullAgreement)} caption="full agreement, all equal" />
          <Figure value={shown(report.meanStandardDeviation)} caption="mean standard deviation, population" />
          <Figure value={shown(krippendorff.ordinal)} caption="Krippendorff α, ordinal" />
          <Figure value={shown(krippendorff.interval)} caption="Krippendorff α, interval" />
          <Figure
            value={shown(fleiss.kappa)}
            caption={`Fleiss κ, ${formatInteger(fleiss.documents)} with ${formatInteger(fleiss.ratings)} ratings`}
          />
        </div>
      </FigureFrame>
    </div>
  );
}

function People({ report }: { readonly report: AnnotationReport }) {
  const limit = Math.max(0.5, ...report.annotators.map(({ bias }) => Math.abs(bias ?? 0)));
  return (
    <TableFigure
      name="Bias of each annotator"
      title="Bias"
      aside="own rating minus the mean of the others"
      rows={report.annotators}
      idOf={({ annotator }) => annotator}
      columns={[
        {
          id: 'annotator',
          header: 'Annotator',
          cell: ({ annotator }) => annotator,
          value: ({ annotator }) => annotator,
        },
        {
          id: 'ratings',
          header: 'Ratings',
          align: 'right',
          cell: ({ ratings }) => formatInteger(ratings),
          value: ({ ratings }) => ratings,
        },
        {
          id: 'mean',
          header: 'Mean',
          align: 'right',
          cell: ({ mean }) => shown(mean, 2),
          value: ({ mean }) => mean,
        },
        {
          id: 'bias',
          header: 'Bias',
          align: 'right',
          cell: ({ bias }) => `${bias !== null && bias > 0 ? '+' : ''}${shown(bias, 2)}`,
          value: ({ bias }) => bias,
        },
        {
          id: 'bar',
          header: '',
          cell: ({ bias }) => (
            <span className={styles['bias']}>
              <DivergingBar value={bias} limit={limit} />
            </span>
          ),
        },
      ]}
    />
  );
}

function Pairs({ report }: { readonly report: AnnotationReport }) {
  const pairs = report.pairs.filter(({ documents }) => documents > 0);
  return (
    <TableFigure
      name="Agreement of pairs"
      title="Pairs"
      aside="Cohen κ with labels 0–5, Spearman, Kendall τ-b"
      rows={pairs}
      idOf={({ left, right }) => `${left} ${right}`}
      columns={[
        {
          id: 'pair',
          header: 'Pair',
          cell: ({ left, right }) => `${left} – ${right}`,
          value: ({ left, right }) => `${left} – ${right}`,
        },
        {
          id: 'n',
          header: 'Documents',
          align: 'right',
          cell: ({ documents }) => formatInteger(documents),
          value: ({ documents }) => documents,
        },
        measure('κ', ({ cohen }) => cohen.none),
        measure('κ linear', ({ cohen }) => cohen.linear),
        measure('κ quadratic', ({ cohen }) => cohen.quadratic),
        measure('Spearman', ({ spearman }) => spearman),
        measure('Kendall', ({ kendall }) => kendall),
      ]}
    />
  );
}

type Pair = AnnotationReport['pairs'][number];

function measure(header: string, value: (pair: Pair) => number | null): FigureColumn<Pair> {
  return { id: header, header, align: 'right', cell: (pair) => shown(value(pair)), value };
}

function Contested(props: { readonly report: AnnotationReport; readonly onGo: (position: number) => void }) {
  const { report, onGo } = props;
  const { mostContested, flagged, hiddenDocuments } = report;
  const hidden =
    hiddenDocuments > 0 ? (
      <p className={frame['hint']}>
        {formatQuantity(hiddenDocuments, 'document')} stay hidden here until they have{' '}
        {formatQuantity(report.overlap, 'rating')}
      </p>
    ) : null;
  return (
    <>
      {mostContested.length === 0 ? (
        <Section title="Most contested">
          {hidden}
          <p className={frame['hint']}>No document that may be shown is contested</p>
        </Section>
      ) : (
        <TableFigure
          name="Most contested documents"
          title="Most contested"
          aside="largest spread first, at most 20"
          rows={mostContested}
          idOf={({ document }) => document}
          columns={[
            documentColumn(onGo),
            {
              id: 'spread',
              header: 'Spread',
              align: 'right',
              cell: ({ spread }) => shown(spread, 0),
              value: ({ spread }) => spread,
            },
            ...report.annotators.map(({ annotator }, index) => ({
              id: `by ${annotator}`,
              header: annotator,
              align: 'right' as const,
              cell: ({ ratings }: { readonly ratings: readonly (number | null)[] }) =>
                shown(ratings[index] ?? null, 0),
              value: ({ ratings }: { readonly ratings: readonly (number | null)[] }) =>
                ratings[index] ?? null,
            })),
          ]}
        >
          {hidden}
        </TableFigure>
      )}
      {flagged.length > 0 ? (
        <TableFigure
          name="Flagged documents"
          title="Flagged"
          rows={flagged}
          idOf={({ document }) => document}
          columns={[
            documentColumn(onGo),
            {
              id: 'by',
              header: 'By',
              cell: ({ annotators }) => annotators.join(', '),
              value: ({ annotators }) => annotators.join(', '),
            },
          ]}
        />
      ) : null}
    </>
  );
}
