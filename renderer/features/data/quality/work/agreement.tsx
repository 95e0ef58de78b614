// How far the heads agree: Spearman as a square of numbers, and the joint density of the pair that was clicked.
import { useState } from 'react';
import { describeError } from '../../../../app/describe-error.ts';
import { navigate } from '../../../../app/route.ts';
import { FigureFrame } from '../../../../charts/figure-frame.tsx';
import { ErrorState } from '../../../../ui/error-state.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { HeatMap } from '../charts/heat-map.tsx';
import { JointDensity } from '../charts/joint-density.tsx';
import { expectedShare } from '../../../../../core/lib/quality/expected-share.ts';
import { neededHeads } from '../../../../../core/lib/quality/recipe.ts';
import { overrideCount, quantileText, ruleText } from '../lab/choice.ts';
import { headLabel, percentText } from '../lab/figures.ts';
import type { Lab, Settled } from '../lab/lab.ts';
import { rowsLink } from '../lab/rows-link.ts';
import { useAgreement } from '../lab/use-corpus-queries.ts';
import { useLabState } from '../lab/use-lab.ts';
import styles from './lower.module.css';
import { formatFixed } from '../../../../ui/format.ts';

/** Heads that agree less than this do not score the same thing (JQL's are above 0.87). */
const LOW_AGREEMENT = 0.8;

export function Agreement({ lab }: { readonly lab: Lab }) {
  const heads = useLabState(lab, (state) => state.choice.heads);
  const language = useLabState(lab, (state) => state.language);
  const newest = useLabState(lab, (state) => state.newest);
  const description = useLabState(lab, (state) => state.description);
  const agreement = useAgreement(lab, heads, language);
  const [pair, setPair] = useState<readonly [number, number]>([0, 1]);
  if (agreement.error) return <ErrorState compact {...describeError(agreement.error)} />;
  if (!agreement.data) return <Skeleton label="Comparing the heads" rows={5} />;
  const { spearman, joint, edges, heads: names, language: shown } = agreement.data;
  const where = shown ?? 'mean of languages';
  const labels = names.map(headLabel);
  const chosen = names.length > Math.max(...pair) ? pair : null;
  const [x, y] = chosen === null ? [undefined, undefined] : [names[chosen[0]], names[chosen[1]]];
  const found = joint.find(({ left, right }) => (left === x && right === y) || (left === y && right === x));
  const threshold = (head: string) =>
    shown === null ? null : (newest?.result.thresholds[shown]?.[head] ?? null);
  const binWidth = (edges[1] ?? 1) - (edges[0] ?? 0);
  const cellLink = (left: string, right: string, xFrom: number, yFrom: number) =>
    rowsLink(lab.paths, description, shown, [
      { column: left, from: xFrom, to: xFrom + binWidth, includesTo: false },
      { column: right, from: yFrom, to: yFrom + binWidth, includesTo: false },
    ]);
  const lowest = lowestOf(spearman);
  const expected = newest === null ? null : expectedText(newest, spearman, shown);
  return (
    <>
      <div className={styles['part']}>
        <FigureFrame
          name="Agreement between heads, Spearman"
          title="Agreement"
          aside={`Spearman · ${where}`}
          summary={`Spearman between ${labels.join(', ')}, ${where}; lowest ${lowest === null ? 'not known' : formatFixed(lowest, 2)}`}
          numbers={() => ({
            header: ['Spearman', ...labels],
            rows: labels.map((name, row) => [
              name,
              ...labels.map((_, column) => spearman[row]?.[column] ?? null),
            ]),
            format: (value) => formatFixed(value, 4),
          })}
        >
          <HeatMap
            label="Spearman between heads"
            names={labels}
            values={spearman}
            chosen={chosen}
            onChoose={(row, column) => setPair([column, row])}
          />
          <p className={styles['note']}>
            {lowest !== null && lowest < LOW_AGREEMENT
              ? `Two heads agree at ${formatFixed(Math.floor(1000 * lowest) / 1000, 3)} only, below ${LOW_AGREEMENT}: look at what they score differently`
              : shown === null
                ? 'Unweighted mean of the languages, never pooled'
                : 'A click on a cell shows its joint density'}
          </p>
          {expected === null ? null : <p className={styles['note']}>{expected}</p>}
        </FigureFrame>
      </div>
      {found ? (
        <div className={styles['part']}>
          <JointDensity
            where={shown ?? 'all languages pooled'}
            xName={headLabel(found.left)}
            yName={headLabel(found.right)}
            from={edges[0] ?? 0}
            width={binWidth}
            size={edges.length - 1}
            counts={found.counts}
            xThreshold={threshold(found.left)}
            yThreshold={threshold(found.right)}
            onPick={
              cellLink(found.left, found.right, 0, 0) === null
                ? null
                : (xFrom, yFrom) => {
                    const link = cellLink(found.left, found.right, xFrom, yFrom);
                    if (link !== null) navigate(link);
                  }
            }
          />
        </div>
      ) : null}
    </>
  );
}

/** What heads that agree so much should keep together, beside what they do keep: far apart, the scores are not what they seem. */
function expectedText(
  { choice, result }: Settled,
  spearman: readonly (readonly (number | null)[])[],
  language: string | null,
): string | null {
  const heads = choice.heads.length;
  const pairs = spearman.flatMap((row, index) => row.slice(index + 1)).filter((value) => value !== null);
  const needed = neededHeads(choice.rule, heads);
  // One quantile for all is what the model knows; another set of heads may still be on its way.
  if (heads < 2 || needed === null || overrideCount(choice) > 0 || spearman.length !== heads) return null;
  const mean = pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
  const quantile = choice.quantiles.overall;
  const share = expectedShare(heads, needed, quantile, mean);
  const own = language === null ? result.total : result.languages[language];
  if (share === null || !own || own.documents === 0) return null;
  return `At quantile ${quantileText(quantile)} and mean Spearman ${formatFixed(mean, 2)}, ${ruleText(choice.rule, heads)} should keep about ${percentText(share)} of documents; they keep ${percentText(own.keptDocuments / own.documents)}`;
}

function lowestOf(values: readonly (readonly (number | null)[])[]): number | null {
  const known = values
    .flatMap((row, index) => row.filter((_, column) => column !== index))
    .filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}
