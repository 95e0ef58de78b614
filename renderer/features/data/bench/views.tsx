// The other figures: invalid shares and what thresholds keep, people's own ratings, heads.
import { useState } from 'react';
import type { BenchReport } from '../../../../core/lib/judge-bench/bench-report.ts';
import {
  atLeastFigure,
  atLeastShares,
  familiesFigure,
  lengthsFigure,
  peopleFigure,
  spreadFigure,
} from '../../../../core/lib/judge-bench/corpus-tables.ts';
import { CLASS_NAMES } from '../../../../core/lib/judge-bench/bench-figure.ts';
import { invalidFigure } from '../../../../core/lib/judge-bench/agreement-tables.ts';
import {
  crossLanguageFigure,
  lengthPairsFigure,
  regimesFigure,
  sampleSizeFigure,
} from '../../../../core/lib/judge-bench/head-tables.ts';
import { type ReferenceFigure, referenceOf } from '../../../../core/lib/judge-bench/reference.ts';
import { BarChart } from '../../../charts/bar-chart.tsx';
import { axisValue } from '../../../charts/number-labels.ts';
import { LengthHistogram } from '../quality/charts/length-histogram.tsx';
import styles from './bench-work.module.css';
import { Figure } from './figure.tsx';
import { JudgementOffer } from './judgement-offer.tsx';
import { ALL, LanguageChoice } from './language-choice.tsx';
import { LinePlot } from './line-plot.tsx';
import { Matrix, spanOf } from './matrix.tsx';
import { PaperCrossLanguage, PaperRegimes, PaperTokenLimits } from './paper-heads.tsx';
import type { BenchPlace } from './place.ts';

export function ThresholdsView(props: {
  readonly report: BenchReport;
  readonly place: BenchPlace;
  readonly onChange: (change: Partial<BenchPlace>) => void;
}) {
  const { report, place, onChange } = props;
  const [language, setLanguage] = useState(ALL);
  return (
    <>
      <LanguageChoice report={report} value={language} onChange={setLanguage} />
      <div className={styles['pairs']}>
        <AtLeast report={report} language={language === ALL ? null : language} />
        <div {...spanOf(report)}>
          <Invalid report={report} />
          <JudgementOffer place={place} onChange={onChange} />
        </div>
      </div>
    </>
  );
}

export function Invalid({ report }: { readonly report: BenchReport }) {
  return <Matrix report={report} figure={invalidFigure(report)} scale={[0, 50]} />;
}

export function AtLeast(props: { readonly report: BenchReport; readonly language: string | null }) {
  const { report, language } = props;
  return (
    <Figure figure={atLeastFigure(report, language)}>
      <LinePlot
        lines={report.rows.map((row, index) => ({
          name: row.name,
          color: index,
          points: atLeastShares(row, language).flatMap((share, score) =>
            share === null ? [] : [{ x: score, y: 100 * share }],
          ),
        }))}
        x={{ from: 0, to: 5, label: 'score at least' }}
        y={{ from: 0, to: 100, label: '% of documents' }}
        xTicks={CLASS_NAMES.map((text, at) => ({ at, text }))}
      />
    </Figure>
  );
}

export function PeopleView({ report }: { readonly report: BenchReport }) {
  const spread = spreadFigure(report);
  const lengths = lengthsFigure(report);
  const { histogram } = report.truth;
  return (
    <>
      <div className={styles['grid']}>
        <Figure figure={peopleFigure(report)}>
          <BarChart
            most={Math.max(1, ...histogram)}
            bars={histogram.map((count, score) => ({
              name: String(score),
              value: count,
              text: count.toLocaleString('en-US'),
            }))}
          />
        </Figure>
        {spread ? (
          <Figure figure={spread}>
            <BarChart
              height={180}
              most={1}
              bars={(report.truth.spread?.shares ?? []).map((share, limit) => ({
                name: `≤ ${limit}`,
                value: share,
                text: share === null ? '–' : `${(100 * share).toFixed(1)} %`,
              }))}
            />
          </Figure>
        ) : null}
        {lengths && report.truth.lengths ? (
          <div className={styles['printed']}>
            <LengthHistogram
              where={report.truth.name}
              edges={report.truth.lengths.edges}
              counts={report.truth.lengths.counts}
              tokenizer={report.truth.lengths.label}
              marks={report.truth.lengths.beyond}
            />
          </div>
        ) : null}
      </div>
      <Figure figure={familiesFigure(report)} />
    </>
  );
}

export function HeadsView(props: {
  readonly report: BenchReport;
  readonly references: readonly ReferenceFigure[];
}) {
  const { report, references } = props;
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
          <Matrix report={report} figure={regimes} references={printed ? [printed] : []} scale={[0.5, 0.8]} />
        </div>
      ) : null}
      {cross ? (
        <div {...spanOf(report)}>
          <Matrix report={report} figure={cross} scale={[0.5, 0.8]} />
        </div>
      ) : null}
      {sizes ? <SampleSizes report={report} references={references} /> : null}
      {pairs ? (
        <div {...spanOf(report)}>
          <Matrix report={report} figure={pairs} scale={[0.4, 0.9]} />
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

export function SampleSizes(props: {
  readonly report: BenchReport;
  readonly references: readonly ReferenceFigure[];
}) {
  const { report, references } = props;
  const figure = sampleSizeFigure(report);
  const printed = referenceOf(references, 'fig-17', 'sample-size');
  if (!figure) return null;
  const own = report.sampleSizes.flatMap(({ row, samples }) => {
    const value = report.rows[row]?.spearman.all.value ?? null;
    return value === null ? [] : [{ x: samples, y: value }];
  });
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
          { name: 'here, avg of all', color: 0, points: own },
          { name: 'JQL, avg-35', color: 7, points: paper },
        ].filter(({ points }) => points.length > 0)}
        x={{ from, to, label: 'training documents, logarithmic', isLogarithmic: true }}
        y={{ from: Math.floor(10 * low) / 10, to: 1, label: 'Spearman' }}
        xTicks={decades.map((at) => ({ at, text: axisValue(at) }))}
      />
    </Figure>
  );
}
