// Results in the middle pane: the leaderboard of the workspace, or the published tables.
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { LeaderboardView } from './leaderboard-view.tsx';
import { PublishedView } from './published-view.tsx';

export function ResultsWork({ name, query }: EvaluationKindProps) {
  return name === null ? <LeaderboardView query={query} /> : <PublishedView name={name} />;
}
