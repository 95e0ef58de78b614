// Figures of heads: what they were trained on, on how many documents, cut after how many tokens; the paper's beside them.
import type { BenchReport } from '../../../../core/lib/judge-bench/bench-report.ts';
import {
  crossLanguageFigure,
  lengthPairsFigure,
  regimesFigure,
  sampleSizeFigure,
} from '../../../../core/lib/judge-bench/head-tables.ts';
import { type ReferenceFigure, referenceOf } from '../../../../core/lib/judge-bench/reference.ts';
import { axisValue } from '../../../charts/number-labels.ts';
import styles from './bench-work.module.css';
import { Figure } from './figure.tsx';
import { LinePlot, type PlotPoint } from './line-plot.tsx';
import { Matrix, spanOf } from './matrix.tsx';
import { PaperCrossLanguage, PaperRegimes, PaperTokenLimits } from './paper-heads.tsx';
import { NO_DOCUMENTS, type PlaceOfDocuments } from './place.ts';
import { cellTitle } from './spearman-view.tsx';
import { formatFixed } from '../../../ui/format.ts';

type OnChoose = (documents: PlaceOfDocuments) => void;

export function HeadsView(props: {
  readonly report: BenchReport;
  readonly references: readonly ReferenceFigure[];
  /** Absent where cells and points open nothing. */
  readonly onChoose?: OnChoose;
}) {
  const { report, references, onChoose } = props;
  /** `rowOf`: the head behind a cell. */
  const choosing = (rowOf: (row: number, column: number) => number | undefined) =>
    onChoose
      ? {
          onChoose: (row: number, column: number) =>
            onChoose({
              ...NO_DOCUMENTS,
              source: report.rows[rowOf(row, column) ?? -1]?.name ?? null,
              language: report.languages[column] ?? null,
            }),
        }
      : {};
  const limits = report.lengthPairs.flatMap(({ short, long }) => [short, long]);
  const regimes = regimesFigure(report);
  const cross = crossLanguageFigure(report);
  const sizes = sampleSizeFigure(report);
  const pairs = lengthPairsFigure(report);
  const printed = referenceOf(references, 'fig-03', 'language-matrix');
  const paperCross = referenceOf(references, 'fig-18', 'cross-language');
  const paperLimits = referenceOf(references, 'fig-39', 'quantities');
  return (
    <div className={styles['pairs']}>
      {regimes ? (
        <div {...spanOf(report)}>
          <Matrix
            report={report}
            figure={regimes}
            references={printed ? [printed] : []}
            scale={[0.5, 0.8]}
            titleOf={(row, column) => regimeTitle(report, row, column)}
            {...choosing((row, column) => report.regimes[row]?.rows[column]?.[0])}
          />
        </div>
      ) : null}
      {cross ? (
        <div {...spanOf(report)}>
          <Matrix
            report={report}
            figure={cross}
            scale={[0.5, 0.8]}
            titleOf={(row, column) => cellTitle(report, report.crossLanguage[row]?.row ?? -1, column)}
            {...choosing((row) => report.crossLanguage[row]?.row)}
          />
        </div>
      ) : null}
      {sizes ? (
        <SampleSizes report={report} references={references} {...(onChoose ? { onChoose } : {})} />
      ) : null}
      {pairs ? (
        <div {...spanOf(report)}>
          <Matrix
            report={report}
            figure={pairs}
            scale={[0.4, 0.9]}
            titleOf={(row, column) => cellTitle(report, limits[row] ?? -1, column)}
            {...choosing((row) => limits[row])}
          />
        </div>
      ) : null}
      {regimes || pairs ? null : (
        <>
          <p className={styles['flaws']} data-wide="">
            No head with a card is compared. Head regimes, the cross-language matrix and the curve of sample
            sizes need heads that were trained here: their cards say on which languages and how many
            documents. Score the data set with such heads, then choose the scored file as predictions. Two
            sources called alike but for 512 and 8192 are compared as token limits. Until then, what the paper
            found:
          </p>
          {printed ? <PaperRegimes printed={printed} /> : null}
        </>
      )}
      {paperCross ? (
        <div data-wide="">
          <PaperCrossLanguage printed={paperCross} />
        </div>
      ) : null}
      {paperLimits ? <PaperTokenLimits printed={paperLimits} /> : null}
    </div>
  );
}

/** The heads behind a mean, of which a click shows the first: the pane beside goes on to the others. */
function regimeTitle(report: BenchReport, row: number, column: number): string | undefined {
  const heads = report.regimes[row]?.rows[column] ?? [];
  const named = heads.flatMap((head) => {
    const { name, cells } = report.rows[head] ?? {};
    const rho = cells?.[column]?.spearman ?? null;
    return name === undefined ? [] : [`${name} ${rho === null ? 'not known' : formatFixed(rho, 4)}`];
  });
  return named.length === 0 ? undefined : named.join(', ');
}

const OWN_LINE = 'here, avg of all';

export function SampleSizes(props: {
  readonly report: BenchReport;
  readonly references: readonly ReferenceFigure[];
  /** Absent where points open nothing. */
  readonly onChoose?: OnChoose;
}) {
  const { report, references, onChoose } = props;
  const figure = sampleSizeFigure(report);
  const printed = referenceOf(references, 'fig-17', 'sample-size');
  if (!figure) return null;
  const own = report.sampleSizes.flatMap(({ row, samples }) => {
    const value = report.rows[row]?.spearman.all.value ?? null;
    return value === null ? [] : [{ x: samples, y: value, name: report.rows[row]?.name ?? '' }];
  });
  const nameOf = ({ x, y }: PlotPoint): string | null =>
    own.find((point) => point.x === x && point.y === y)?.name ?? null;
  const paper = (printed?.points ?? []).map(({ samples, avg35 }) => ({ x: samples, y: avg35 }));
  const all = [...own, ...paper];
  const from = Math.min(...all.map(({ x }) => x));
  const to = Math.max(from * 10, ...all.map(({ x }) => x));
  const low = Math.min(0.6, ...all.map(({ y }) => y));
  const decades = Array.from({ length: 12 }, (_, index) => 10 ** index).filter(
    (tick) => tick >= from && tick <= to,
  );
  return (
    <Figure figure={figure}>
      <LinePlot
        lines={[
          { name: OWN_LINE, color: 0, points: own },
          { name: 'JQL, avg-35', color: 7, points: paper },
        ].filter(({ points }) => points.length > 0)}
        x={{ from, to, label: 'training documents, logarithmic', isLogarithmic: true }}
        y={{ from: Math.floor(10 * low) / 10, to: 1, label: 'Spearman' }}
        xTicks={decades.map((at) => ({ at, text: axisValue(at) }))}
        {...(onChoose
          ? {
              pick: {
                // Nothing of the paper's documents is here.
                isOpening: ({ name }) => name === OWN_LINE,
                nameOf: (_, point) =>
                  `${nameOf(point) ?? ''}: ${formatFixed(point.y, 3)} with ${point.x.toLocaleString('en-US')} training documents, show its documents`,
                onPick: (_, point) => onChoose({ ...NO_DOCUMENTS, source: nameOf(point) }),
              },
            }
          : {})}
      />
    </Figure>
  );
}
