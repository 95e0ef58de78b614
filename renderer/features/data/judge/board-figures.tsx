// A judgement in numbers: how many documents and tokens, what became of the samples, how each language did.
import type { JudgementBoard } from '../../../../core/api/judges.ts';
import { formatCount, formatInteger } from '../../../../core/lib/format/numbers.ts';
import { TableFigure } from '../../../charts/table-figure.tsx';
import { formatFixed, formatQuantity } from '../../../ui/format.ts';
import { Figure } from '../../../ui/property-list.tsx';
import frame from '../report-frame.module.css';
import styles from './board-view.module.css';
import { statusText } from './generation.tsx';

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
const percentOf = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);
const shown = (value: number | null, digits = 2): string =>
  value === null ? '–' : formatFixed(value, digits);

export function Figures({ board }: { readonly board: JudgementBoard }) {
  const { tally, cost } = board;
  const by = tally.tokensByServer ? 'counted by the server' : 'partly estimated';
  return (
    <div className={`${frame['figures']} ${styles['kept']}`}>
      <Figure value={formatInteger(tally.documents)} caption="documents judged" />
      <Figure value={percent(tally.invalidDocuments, tally.documents)} caption="without a valid score" />
      <Figure value={shown(tally.mean)} caption="mean score" />
      <Figure
        value={tally.majorityAgreement === null ? '–' : percent(tally.majorityAgreement, 1)}
        caption="two samples or more equal"
      />
      <Figure value={formatCount(tally.promptTokens)} caption={`tokens in, ${by}`} />
      <Figure value={formatCount(tally.completionTokens)} caption={`tokens out, ${by}`} />
      {cost === null ? null : <Figure value={cost.toFixed(2)} caption="cost so far" />}
    </div>
  );
}

export function Kinds({ board }: { readonly board: JudgementBoard }) {
  const { statuses, samples, truncatedDocuments } = board.tally;
  const kinds = (['success', 'error_faulty_score', 'error_no_generated_text', 'error_server'] as const).map(
    (status) => ({ status, count: statuses[status] }),
  );
  return (
    <TableFigure
      name="Samples by what became of them"
      title="Samples"
      aside={`${formatInteger(samples)} in all`}
      rows={kinds}
      idOf={({ status }) => status}
      columns={[
        {
          id: 'status',
          header: 'Kind',
          cell: ({ status }) => statusText(status),
          value: ({ status }) => statusText(status),
        },
        {
          id: 'count',
          header: 'Samples',
          align: 'right',
          cell: ({ count }) => formatInteger(count),
          value: ({ count }) => count,
        },
        {
          id: 'share',
          header: 'Share',
          name: 'Share (%)',
          align: 'right',
          cell: ({ count }) => percent(count, samples),
          value: ({ count }) => percentOf(count, samples),
        },
      ]}
    >
      <p className={frame['hint']}>
        {formatQuantity(truncatedDocuments, 'document')} cut to the context
        {board.unansweredDocuments > 0
          ? `; ${formatQuantity(board.unansweredDocuments, 'document')} got no answer and are asked again on resuming`
          : ''}
      </p>
    </TableFigure>
  );
}

export function Languages({ board }: { readonly board: JudgementBoard }) {
  const nameOf = (language: string) => (language === 'und' ? 'not said' : language);
  return (
    <TableFigure
      name="Judgement by language"
      title="Languages"
      aside="invalid: no valid sample at all"
      rows={board.tally.languages}
      idOf={({ language }) => language}
      columns={[
        {
          id: 'language',
          header: 'Language',
          cell: ({ language }) => nameOf(language),
          value: ({ language }) => nameOf(language),
        },
        {
          id: 'documents',
          header: 'Documents',
          align: 'right',
          cell: ({ documents }) => formatInteger(documents),
          value: ({ documents }) => documents,
        },
        {
          id: 'invalid',
          header: 'Invalid',
          name: 'Invalid (%)',
          align: 'right',
          cell: ({ documents, invalidDocuments }) => percent(invalidDocuments, documents),
          value: ({ documents, invalidDocuments }) => percentOf(invalidDocuments, documents),
        },
        {
          id: 'samples',
          header: 'Invalid samples',
          name: 'Invalid samples (%)',
          align: 'right',
          cell: ({ samples, invalidSamples }) => percent(invalidSamples, samples),
          value: ({ samples, invalidSamples }) => percentOf(invalidSamples, samples),
        },
        {
          id: 'mean',
          header: 'Mean',
          align: 'right',
          cell: ({ mean }) => shown(mean),
          value: ({ mean }) => mean,
        },
      ]}
    />
  );
}
