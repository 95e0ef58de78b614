// Invalid shares and what thresholds keep, and people's own ratings.
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
import type { DocumentChoice } from '../../../../core/lib/judge-bench/document-choice.ts';
import { CLASS_NAMES } from '../../../../core/lib/judge-bench/bench-figure.ts';
import { invalidFigure } from '../../../../core/lib/judge-bench/agreement-tables.ts';
import { type Bar, BarChart, type BarChartProps } from '../../../charts/bar-chart.tsx';
import { LengthHistogram } from '../quality/charts/length-histogram.tsx';
import styles from './bench-work.module.css';
import { Figure } from './figure.tsx';
import { JudgementOffer } from './judgement-offer.tsx';
import { ALL, LanguageChoice } from './language-choice.tsx';
import { LinePlot } from './line-plot.tsx';
import { Matrix, spanOf } from './matrix.tsx';
import type { BenchPlace, PlaceOfDocuments } from './place.ts';

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
        <AtLeast report={report} language={language === ALL ? null : language} onChoose={onChange} />
        <div {...spanOf(report)}>
          <Invalid report={report} onChoose={onChange} />
          <JudgementOffer place={place} onChange={onChange} />
        </div>
      </div>
    </>
  );
}

type OnChoose = (documents: PlaceOfDocuments) => void;

export function Invalid({
  report,
  onChoose,
}: {
  readonly report: BenchReport;
  readonly onChoose?: OnChoose;
}) {
  return (
    <Matrix
      report={report}
      figure={invalidFigure(report)}
      scale={[0, 50]}
      {...(onChoose
        ? {
            onChoose: (row, column) =>
              onChoose({
                source: report.rows[row]?.name ?? null,
                language: report.languages[column] ?? null,
                only: { kind: 'class', people: null, source: 'invalid' },
              }),
          }
        : {})}
    />
  );
}

export function AtLeast(props: {
  readonly report: BenchReport;
  readonly language: string | null;
  readonly onChoose?: OnChoose;
}) {
  const { report, language, onChoose } = props;
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
        {...(onChoose
          ? {
              pick: {
                nameOf: ({ name }, { x, y }) =>
                  `${name}: ${y.toFixed(1)} % at ${x} or more, show these documents`,
                onPick: ({ name }, { x }) =>
                  onChoose({ source: name, language, only: { kind: 'at-least', score: x } }),
              },
            }
          : {})}
      />
    </Figure>
  );
}

export function PeopleView(props: {
  readonly report: BenchReport;
  /** Absent where marks open nothing. */
  readonly onChoose?: (only: DocumentChoice) => void;
}) {
  const { report, onChoose } = props;
  const spread = spreadFigure(report);
  const lengths = lengthsFigure(report);
  const { histogram } = report.truth;
  // The last bar holds everything that is longer.
  const longest = report.truth.lengths?.edges.at(-1) ?? Number.POSITIVE_INFINITY;
  return (
    <>
      <div className={styles['grid']}>
        <Figure figure={peopleFigure(report)}>
          <BarChart
            {...picking(
              onChoose,
              ({ name }): DocumentChoice => ({ kind: 'class', people: Number(name), source: null }),
            )}
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
              {...picking(
                onChoose,
                ({ name }): DocumentChoice => ({ kind: 'spread', atMost: Number(name.replace('≤', '')) }),
              )}
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
              onPick={
                onChoose
                  ? (from, to) => onChoose({ kind: 'tokens', from, to: to >= longest ? null : to })
                  : undefined
              }
            />
          </div>
        ) : null}
      </div>
      <Figure figure={familiesFigure(report)} />
    </>
  );
}

function picking(
  onChoose: ((only: DocumentChoice) => void) | undefined,
  choiceOf: (bar: Bar) => DocumentChoice,
): Pick<BarChartProps, 'pick'> {
  if (!onChoose) return {};
  return {
    pick: {
      nameOf: ({ name, text }) => `${name}: ${text}, show these documents`,
      onPick: (bar) => onChoose(choiceOf(bar)),
    },
  };
}
