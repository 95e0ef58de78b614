// How far apart the ratings of a document are: the share of documents with a spread of at most 0, 1, … 5.
import { BarChart } from '../../../charts/bar-chart.tsx';
import { FigureFrame } from '../../../charts/figure-frame.tsx';

export function SpreadChart(props: {
  /** Null: no document has two ratings. */
  readonly shares: readonly (number | null)[];
  readonly documents: number;
  /** A click on a bar: the documents with a spread of at most so much. */
  readonly onChoose: (atMost: number) => void;
}) {
  const { shares, documents, onChoose } = props;
  const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);
  return (
    <FigureFrame
      name="Spread of ratings"
      title="Spread of ratings"
      aside={`share of ${documents.toLocaleString('en-US')} documents`}
      summary={`Share of documents whose highest and lowest rating differ by at most: ${shares.map((share, limit) => `${limit}: ${percent(share)}`).join(', ')}`}
      numbers={() => ({
        header: ['Spread at most', 'Share of documents (%)'],
        rows: shares.map((share, limit) => [limit, share === null ? null : 100 * share]),
        format: (value, column) => (column === 0 ? String(value) : `${value.toFixed(1)} %`),
      })}
    >
      <BarChart
        pick={{
          nameOf: ({ name, text }) => `${name}: ${text}, show these documents`,
          onPick: ({ name }) => onChoose(Number(name.replace('≤', ''))),
        }}
        most={1}
        bars={shares.map((share, limit) => ({ name: `≤ ${limit}`, value: share, text: percent(share) }))}
      />
    </FigureFrame>
  );
}
