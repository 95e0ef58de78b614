// How many documents got which score: aggregated, half up, and beside them those without any.
import type { JudgementBoard, ResultChoice } from '../../../../core/api/judges.ts';
import { BarChart } from '../../../charts/bar-chart.tsx';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { formatInteger } from '../../../ui/format.ts';

const INVALID = 'invalid';

export function ScoreChart({
  tally,
  onChoose,
}: {
  readonly tally: JudgementBoard['tally'];
  /** A click on a bar: the documents that it counts. */
  readonly onChoose: (only: ResultChoice) => void;
}) {
  const counted = [
    { name: INVALID, count: tally.invalidDocuments, look: 'apart' as const },
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
        pick={{
          nameOf: ({ name, text }) => `${name}: ${text}, show these documents`,
          onPick: ({ name }) => onChoose(name === INVALID ? 'no-score' : `score-${Number(name)}`),
        }}
        most={Math.max(1, ...counted.map(({ count }) => count))}
        bars={counted.map(({ count, ...bar }) => ({ ...bar, value: count, text: formatInteger(count) }))}
      />
    </FigureFrame>
  );
}
