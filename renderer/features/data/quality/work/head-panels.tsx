// One panel a head, side by side on the same score axis; dragging a handle sets the quantile in the chosen scope.
import { useMemo, useState } from 'react';
import type { FilterChoice } from '../../../../../core/api/quality.ts';
import type { Distribution } from '../../../../../core/api/quality-distributions.ts';
import { describeError } from '../../../../app/describe-error.ts';
import { navigate } from '../../../../app/route.ts';
import { useViewState } from '../../../../app/view-state.ts';
import { ErrorState } from '../../../../ui/error-state.tsx';
import { Select } from '../../../../ui/select.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { type Bins, type ShapeKind, SMOOTHING_SIGMA } from '../charts/densities.ts';
import { HeadPanel, type Subset } from '../charts/head-panel.tsx';
import { isHeadOverridden, quantileOf, withoutHead, withQuantile } from '../lab/choice.ts';
import { headLabel, rangeText } from '../lab/figures.ts';
import type { Lab } from '../lab/lab.ts';
import { quantileAtScore, scoreAtQuantile } from '../lab/quantile-map.ts';
import { rowsLink } from '../lab/rows-link.ts';
import { useDistributions } from '../lab/use-corpus-queries.ts';
import { useLabState } from '../lab/use-lab.ts';
import styles from './head-panels.module.css';
import { LanguageSelect } from './language-select.tsx';

const shapes = [
  { id: 'density', label: 'Density', detail: 'smoothed with a Gaussian' },
  { id: 'histogram', label: 'Histogram', detail: 'percent of documents a bin' },
  { id: 'right-cdf', label: 'Right-CDF', detail: 'percent of documents at or above a score' },
] as const satisfies readonly { readonly id: ShapeKind; readonly label: string; readonly detail: string }[];

function parseShape(stored: unknown): ShapeKind | undefined {
  return shapes.find(({ id }) => id === stored)?.id;
}

/** What the vertical axis counts, in words. */
function noteOf(shape: ShapeKind, distribution: Distribution | undefined): string {
  if (shape === 'right-cdf') return '% at or above a score';
  const { edges = [] } = distribution ?? {};
  const width = Number(((edges[1] ?? 0) - (edges[0] ?? 0)).toPrecision(2));
  const unit = `% per ${width} points`;
  return shape === 'density' ? `${unit}, smoothed σ ${SMOOTHING_SIGMA}` : unit;
}

type Dragging = 'everything' | 'head' | 'language' | 'language-and-head';

export function HeadPanels({ lab }: { readonly lab: Lab }) {
  const choice = useLabState(lab, (state) => state.choice);
  const language = useLabState(lab, (state) => state.language);
  const distributions = useDistributions(lab, choice.heads, language);
  const [shape, setShape] = useViewState<ShapeKind>('data.quality.shape', parseShape, 'density');
  const [wanted, setDragging] = useState<Dragging>('everything');
  const dragging = language === null && wanted.startsWith('language') ? 'everything' : wanted;
  const [hoverScore, setHoverScore] = useState<number | null>(null);
  return (
    <section aria-label="Scores by head">
      <div className={styles['bar']}>
        <h3 className={styles['title']}>Scores</h3>
        <LanguageSelect lab={lab} />
        <Select label="Shape" isLabelHidden choices={shapes} value={shape} onChange={setShape} />
        <span className={styles['note']}>{noteOf(shape, distributions[0]?.data)}</span>
        <span className={styles['name']}>A handle sets</span>
        <Select
          label="What a handle sets"
          isLabelHidden
          choices={draggingChoices(language)}
          value={dragging}
          onChange={setDragging}
        />
      </div>
      <div className={styles['panels']}>
        {choice.heads.map((head, index) => {
          const query = distributions[index];
          return (
            <div key={head} className={styles['panel']}>
              {query?.data ? (
                <OneHead
                  lab={lab}
                  head={head}
                  distribution={query.data}
                  shape={shape}
                  dragging={dragging}
                  hoverScore={hoverScore}
                  onHover={setHoverScore}
                />
              ) : query?.error ? (
                <ErrorState compact {...describeError(query.error)} />
              ) : (
                <Skeleton label={`Counting the scores of ${headLabel(head)}`} rows={5} />
              )}
            </div>
          );
        })}
      </div>
    </section>
  );
}

function OneHead(props: {
  readonly lab: Lab;
  readonly head: string;
  readonly distribution: Distribution;
  readonly shape: ShapeKind;
  readonly dragging: Dragging;
  readonly hoverScore: number | null;
  onHover(score: number | null): void;
}) {
  const { lab, head, distribution, shape, dragging } = props;
  const choice = useLabState(lab, (state) => state.choice);
  const newest = useLabState(lab, (state) => state.newest);
  const shown = useLabState(lab, (state) => state.language);
  const description = useLabState(lab, (state) => state.description);
  const allHeads = description?.heads;
  const subsets = useMemo(() => subsetsOf(distribution), [distribution]);
  // What is drawn may still be of the language shown before.
  const { language } = distribution;
  const quantile = quantileOf(choice.quantiles, language, head);
  const exact = language === null ? null : (newest?.result.thresholds[language]?.[head] ?? null);
  const isCurrent = newest?.choice === choice;
  const threshold = isCurrent && exact !== null ? exact : scoreAtQuantile(distribution, quantile);
  const marks = language === null ? thresholdsOf(newest?.result.thresholds ?? {}, head) : [];
  const range = rangeText(language === null ? marks : exact === null ? [] : [exact]);
  const isOverridden = isHeadOverridden(choice, head, language);
  const linkOf = (from: number, to: number) =>
    rowsLink(lab.paths, description, language, [
      { column: head, from, to, includesTo: to >= (distribution.edges.at(-1) ?? to) },
    ]);
  const change = (next: number): FilterChoice =>
    withQuantile(
      choice,
      {
        language: dragging.startsWith('language') ? shown : null,
        head: dragging === 'head' || dragging === 'language-and-head' ? head : null,
      },
      next,
    );
  return (
    <HeadPanel
      name={headLabel(head)}
      color={Math.max(0, allHeads?.findIndex(({ name }) => name === head) ?? 0)}
      where={language ?? 'all languages'}
      subsets={subsets}
      domain={[distribution.edges[0] ?? 0, distribution.edges.at(-1) ?? 1]}
      shape={shape}
      quantile={quantile}
      threshold={threshold}
      thresholdText={`τ ${range ?? '–'}`}
      marks={marks}
      isOverridden={isOverridden}
      hoverScore={props.hoverScore}
      onHover={props.onHover}
      onPick={
        linkOf(0, 1) === null
          ? null
          : (from, to) => {
              const link = linkOf(from, to);
              if (link !== null) navigate(link);
            }
      }
      onDragTo={(score) => {
        const next = Math.round(quantileAtScore(distribution, score) * 100) / 100;
        if (next !== quantile) lab.preview(change(next));
      }}
      onStepTo={(next) => lab.preview(change(next))}
      onReset={isOverridden ? () => lab.choose(withoutHead(choice, head)) : null}
      onSettle={() => lab.settle()}
    />
  );
}

function draggingChoices(language: string | null): readonly { id: Dragging; label: string }[] {
  const everywhere = [
    { id: 'everything', label: 'all heads' },
    { id: 'head', label: 'its own head' },
  ] as const;
  return language === null
    ? everywhere
    : [
        ...everywhere,
        { id: 'language', label: `all heads in ${language}` },
        { id: 'language-and-head', label: `its own head in ${language}` },
      ];
}

function thresholdsOf(
  thresholds: Readonly<Record<string, Readonly<Record<string, number | null>>>>,
  head: string,
): readonly number[] {
  return Object.values(thresholds)
    .map((heads) => heads[head] ?? null)
    .filter((value) => value !== null);
}

function subsetsOf(distribution: Distribution): readonly Subset[] {
  const { edges, all, kept, removed } = distribution;
  const bins = (counts: readonly number[]): Bins => ({
    from: edges[0] ?? 0,
    width: counts.length === 0 ? 1 : ((edges.at(-1) ?? 1) - (edges[0] ?? 0)) / counts.length,
    counts,
  });
  if (kept === null || removed === null)
    return [{ label: 'all documents', short: 'all', look: 'head', bins: bins(all.counts), mean: all.mean }];
  return [
    { label: 'kept by FineWeb-2', short: 'kept', look: 'head', bins: bins(kept.counts), mean: kept.mean },
    { label: 'removed', short: 'removed', look: 'grey', bins: bins(removed.counts), mean: removed.mean },
  ];
}
