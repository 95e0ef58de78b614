// Evaluations on this computer in the middle pane: what to ask of whom, or one evaluation with its numbers.
import { ErrorState } from '../../../ui/error-state.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { EvaluationForm } from './evaluation-form.tsx';
import { RunView } from './run-view.tsx';
import { runDetail, runTitle } from './run-words.ts';
import { useLocalRuns } from './use-local-runs.ts';

export function LocalWork({ name, query }: EvaluationKindProps) {
  return name === null ? <EvaluationForm query={query} /> : <One id={name} />;
}

function One({ id }: { readonly id: string }) {
  const runs = useLocalRuns();
  if (runs === null) return <Skeleton label="Looking for the evaluation" />;
  const run = runs.find((one) => one.id === id);
  if (run === undefined) {
    return (
      <ErrorState
        title="This evaluation is not there"
        hint="It was removed; its results stay in evals/results"
        details={id}
      />
    );
  }
  return (
    <Pane header={<PaneHeader title={runTitle(run)} detail={runDetail(run)} />} padded>
      <RunView run={run} />
    </Pane>
  );
}
