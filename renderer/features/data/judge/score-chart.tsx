// How many documents got which score: aggregated, half up, and beside them those without any.
import type { JudgementBoard } from '../../../../core/api/judges.ts';
import { BarChart } from '../../../charts/bar-chart.tsx';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { formatInteger } from '../../../ui/format.ts';

export function ScoreChart({ tally }: { readonly tally: JudgementBoard['tally'] }) {
  const counted = [
    { name: 'invalid', count: tally.invalidDocuments, look: 'apart' as const },
    ...tally.classes.map((count, score) => ({ name: String(score), count })),
  ];
  return (
    <FigureFrame
      name="Scores of documents"
      title="Scores"
      aside={`${formatInteger(tally.documents)} documents, majority of samples, half up`}
      summary={`Documents by score: ${counted.map(({ name, count }) => `${name}: ${count}`).join(', ')}`}
      numbers={() => ({
        header: ['Score', 'Documents'],
        rows: counted.map(({ name, count }) => [name, count]),
        format: (value) => formatInteger(value),
      })}
    >
      <BarChart
        most={Math.max(1, ...counted.map(({ count }) => count))}
        bars={counted.map(({ count, ...bar }) => ({ ...bar, value: count, text: formatInteger(count) }))}
      />
    </FigureFrame>
  );
}
