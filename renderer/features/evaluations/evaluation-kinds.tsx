// What can be evaluated here, one line a kind: its part of the list, and its panes. A link names the kind first:
// `#/evaluations/suites/italiano`.
import { lazy } from 'react';
import type { EvaluationKind } from './evaluation-kind.ts';
import { JobsListSection } from './jobs/jobs-list.tsx';
import { LikelihoodInspector } from './likelihood/likelihood-inspector.tsx';
import { LikelihoodListSection } from './likelihood/likelihood-list.tsx';
import { NoListSection, ProgressListSection } from './progress/progress-list.tsx';
import { ResultsListSection } from './results/results-list.tsx';
import { ReportListSection } from './reports/report-list.tsx';
import { LocalListSection } from './local/local-list.tsx';
import { SuiteListSection } from './suites/suite-list.tsx';
import { SuiteAction } from './suites/suite-action.tsx';
import { VoteAction } from './votes/vote-action.tsx';
import { VoteListSection } from './votes/vote-list.tsx';

const SuiteWork = lazy(async () => ({ default: (await import('./suites/suite-work.tsx')).SuiteWork }));
const SuiteInspector = lazy(async () => ({
  default: (await import('./suites/suite-inspector.tsx')).SuiteInspector,
}));
const VoteWork = lazy(async () => ({ default: (await import('./votes/vote-work.tsx')).VoteWork }));
const VoteInspector = lazy(async () => ({
  default: (await import('./votes/vote-inspector.tsx')).VoteInspector,
}));

const LikelihoodWork = lazy(async () => ({
  default: (await import('./likelihood/likelihood-work.tsx')).LikelihoodWork,
}));

const ResultsWork = lazy(async () => ({ default: (await import('./results/results-work.tsx')).ResultsWork }));
const ResultInspector = lazy(async () => ({
  default: (await import('./results/result-inspector.tsx')).ResultInspector,
}));

const JobsWork = lazy(async () => ({ default: (await import('./jobs/jobs-work.tsx')).JobsWork }));
const ReportWork = lazy(async () => ({ default: (await import('./reports/report-work.tsx')).ReportWork }));

const LocalWork = lazy(async () => ({ default: (await import('./local/local-work.tsx')).LocalWork }));

const ProgressWork = lazy(async () => ({
  default: (await import('./progress/progress-work.tsx')).ProgressWork,
}));
const ProgressInspector = lazy(async () => ({
  default: (await import('./progress/progress-inspector.tsx')).ProgressInspector,
}));
const CompareWork = lazy(async () => ({ default: (await import('./compare/compare-work.tsx')).CompareWork }));
const CompareInspector = lazy(async () => ({
  default: (await import('./compare/compare-inspector.tsx')).CompareInspector,
}));
const QuestionsInspector = lazy(async () => ({
  default: (await import('./questions/questions-inspector.tsx')).QuestionsInspector,
}));
const QuestionsWork = lazy(async () => ({
  default: (await import('./questions/questions-work.tsx')).QuestionsWork,
}));

export const evaluationKinds: readonly EvaluationKind[] = [
  { id: 'results', ListSection: ResultsListSection, Work: ResultsWork, Inspector: ResultInspector },
  { id: 'progress', ListSection: ProgressListSection, Work: ProgressWork, Inspector: ProgressInspector },
  { id: 'compare', ListSection: NoListSection, Work: CompareWork, Inspector: CompareInspector },
  { id: 'questions', ListSection: NoListSection, Work: QuestionsWork, Inspector: QuestionsInspector },
  { id: 'local', ListSection: LocalListSection, Work: LocalWork },
  { id: 'jobs', ListSection: JobsListSection, Work: JobsWork },
  { id: 'reports', ListSection: ReportListSection, Work: ReportWork },
  {
    id: 'suites',
    ListSection: SuiteListSection,
    Work: SuiteWork,
    Inspector: SuiteInspector,
    MainAction: SuiteAction,
  },
  {
    id: 'votes',
    ListSection: VoteListSection,
    Work: VoteWork,
    Inspector: VoteInspector,
    MainAction: VoteAction,
  },
  {
    id: 'likelihood',
    ListSection: LikelihoodListSection,
    Work: LikelihoodWork,
    Inspector: LikelihoodInspector,
  },
];

/** The kind of a link and what of it is meant; null for a link of no kind. */
export function kindOf(
  argument: string | null,
): { readonly kind: EvaluationKind; readonly name: string | null } | null {
  const [id, ...rest] = (argument ?? '').split('/');
  const kind = evaluationKinds.find((one) => one.id === id);
  return kind === undefined ? null : { kind, name: rest.length === 0 ? null : rest.join('/') };
}
