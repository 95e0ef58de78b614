// Evaluations: the same questions to several models or checkpoints. Suites of prompts, likelihood of texts, votes; each kind
// has its folder and its line in evaluation-kinds.tsx.
import { ClipboardCheck, ListChecks } from 'lucide-react';
import { lazy, Suspense } from 'react';
import type { Feature, PaneProps } from '../../app/feature.ts';
import { href, navigate } from '../../app/route.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Pane, PaneHeader } from '../../ui/pane.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { evaluationKinds, kindOf } from './evaluation-kinds.tsx';
import { useSuites } from './suites/use-suites.ts';

/** The suites of a run as curves; for the view of the run. */
export const SuitesOfRun = lazy(async () => ({
  default: (await import('./suites/suites-of-run.tsx')).SuitesOfRun,
}));

/** An evaluation of a checkpoint on its run's target is asked for. */
export const EvaluateDialog = lazy(async () => ({
  default: (await import('./jobs/evaluate-dialog.tsx')).EvaluateDialog,
}));

/** The rule that evaluates new checkpoints of a run by itself; for the view of the run. */
export const EvaluationRuleSection = lazy(async () => ({
  default: (await import('./jobs/rule-section.tsx')).EvaluationRuleSection,
}));

/** The benchmarks that a run's checkpoints answered, as lines; for the view of the run. */
export const EvaluationsOfRun = lazy(async () => ({
  default: (await import('./progress/evaluations-of-run.tsx')).EvaluationsOfRun,
}));

/** A blind vote of two columns that stand side by side. */
export const NewVoteDialog = lazy(async () => ({
  default: (await import('./votes/new-vote-dialog.tsx')).NewVoteDialog,
}));

function List({ argument, query }: PaneProps) {
  const found = kindOf(argument);
  return (
    <Pane header={<PaneHeader title="Evaluations" />}>
      {evaluationKinds.map((kind) => (
        <kind.ListSection
          key={kind.id}
          argument={argument}
          query={query}
          name={found?.kind === kind ? found.name : null}
        />
      ))}
    </Pane>
  );
}

function Work({ argument, query }: PaneProps) {
  const found = kindOf(argument);
  if (found === null) {
    return (
      <ErrorState
        title={`There is no evaluation ${argument}`}
        hint="Choose one of the list"
        details={String(argument)}
      />
    );
  }
  const { kind, name } = found;
  return (
    <Suspense fallback={<Skeleton label="Opening the evaluation" />}>
      <kind.Work argument={argument} query={query} name={name} />
    </Suspense>
  );
}

function Inspector({ argument, query }: PaneProps) {
  const found = kindOf(argument);
  if (found?.kind.Inspector === undefined) return null;
  const { kind, name } = found;
  const Own = found.kind.Inspector;
  return (
    <Suspense fallback={<Skeleton label="Opening the evaluation" />}>
      <Own key={kind.id} argument={argument} query={query} name={name} />
    </Suspense>
  );
}

function MainAction({ argument, query }: PaneProps) {
  const found = kindOf(argument);
  if (found?.kind.MainAction === undefined) return null;
  const Own = found.kind.MainAction;
  return <Own argument={argument} query={query} name={found.name} />;
}

function Empty() {
  const suites = useSuites();
  const [first] = suites.data ?? [];
  return (
    <Pane header={<PaneHeader title="Evaluations" />}>
      <EmptyState
        icon={ClipboardCheck}
        title="Is the next checkpoint better?"
        actions={
          <>
            <Button kind="primary" onPress={() => navigate(href('evaluations', 'results'))}>
              Leaderboard
            </Button>
            <Button onPress={() => navigate(href('evaluations', 'results/published'))}>
              Published tables
            </Button>
            <Button onPress={() => navigate(href('evaluations', 'local'))}>Evaluate here…</Button>
            {first === undefined ? null : (
              <Button icon={ListChecks} onPress={() => navigate(href('evaluations', `suites/${first.name}`))}>
                {`Open ${first.title}`}
              </Button>
            )}
          </>
        }
      >
        <p>
          Results of benchmarks, measured here, on a cluster or elsewhere, become a leaderboard and lines over
          a training, beside the tables of the reports. A suite asks every checkpoint the same prompts and
          checks the answers; votes and likelihoods compare two models on texts of your own.
        </p>
      </EmptyState>
    </Pane>
  );
}

const hasInspector = (argument: string) => kindOf(argument)?.kind.Inspector !== undefined;

export const feature: Feature = { id: 'evaluations', List, Work, Empty, Inspector, hasInspector, MainAction };
