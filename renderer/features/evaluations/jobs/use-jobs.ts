// Evaluations on targets as the window has them: the runs that are evaluations, the sets of tasks, the rules.
import { useQuery } from '@tanstack/react-query';
import type { EvaluationRuleState } from '../../../../core/api/evaluation-jobs.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { filesKey, workspaceKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';

/** States of jobs are seen this often. */
const REFRESH_MS = 2_000;

export const jobsKey = [...workspaceKey, 'evaluation-jobs'] as const;
export const rulesKey = [...filesKey, 'evaluation-rules'] as const;

/** All runs, newest first; null until they are known. */
export function useAllRuns(): readonly Run[] | null {
  const client = useClient();
  const runs = useQuery({
    queryKey: jobsKey,
    queryFn: ({ signal }) => client.runs.list(undefined, { signal }),
    refetchInterval: REFRESH_MS,
  });
  return runs.data ?? null;
}

export function usePresets() {
  const client = useClient();
  const presets = useQuery({
    queryKey: [...filesKey, 'evaluation-presets'],
    queryFn: ({ signal }) => client.evaluationJobs.presets(undefined, { signal }),
  });
  return presets.data?.presets ?? null;
}

export function useEvaluationRules(): readonly EvaluationRuleState[] | null {
  const client = useClient();
  const rules = useQuery({
    queryKey: rulesKey,
    queryFn: ({ signal }) => client.evaluationJobs.rules(undefined, { signal }),
    refetchInterval: REFRESH_MS,
  });
  return rules.data ?? null;
}
