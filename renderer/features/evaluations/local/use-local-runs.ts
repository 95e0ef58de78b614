// What the window knows of evaluations on this computer: tasks and models to choose, and how each evaluation stands.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { EvaluationRequest, EvaluationRun } from '../../../../core/api/evaluation-runs.ts';
import { filesKey, workspaceKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useStream } from '../../../app/use-stream.ts';

const keys = {
  tasks: [...filesKey, 'evaluation-tasks'],
  models: [...filesKey, 'evaluation-models'],
  runs: [...workspaceKey, 'evaluation-runs'],
  estimate: (request: string) => [...workspaceKey, 'evaluation-estimate', request],
  quantizations: (id: string, finished: number, state: EvaluationRun['state']) => [
    ...workspaceKey,
    'evaluation-quantizations',
    id,
    finished,
    // Speed and memory are measured after the last answer.
    state,
  ],
} as const;

export function useEvaluationTasks() {
  const client = useClient();
  return useQuery({
    queryKey: keys.tasks,
    queryFn: ({ signal }) => client.evaluationRuns.tasks(undefined, { signal }),
  });
}

export function useEvaluationModels() {
  const client = useClient();
  return useQuery({
    queryKey: keys.models,
    queryFn: ({ signal }) => client.evaluationRuns.models(undefined, { signal }),
  });
}

/** Null before the first word of core. */
export function useLocalRuns(): readonly EvaluationRun[] | null {
  const [runs, setRuns] = useState<readonly EvaluationRun[] | null>(null);
  useStream<EvaluationRun[]>({
    key: 'evaluation-runs',
    open: (client, signal) => client.evaluationRuns.watch(undefined, { signal }),
    onItem: setRuns,
  });
  return runs;
}

export function useEstimate(request: EvaluationRequest | null) {
  const client = useClient();
  return useQuery({
    queryKey: keys.estimate(JSON.stringify(request)),
    enabled: request !== null,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      if (request === null) throw new Error('Nothing is chosen');
      return client.evaluationRuns.estimate(request, { signal });
    },
  });
}

export function useQuantizationResults(run: EvaluationRun) {
  const client = useClient();
  const finished = run.cells.filter(({ state }) => state === 'finished').length;
  return useQuery({
    queryKey: keys.quantizations(run.id, finished, run.state),
    placeholderData: keepPreviousData,
    enabled: finished > 1,
    retry: false,
    queryFn: ({ signal }) => client.evaluationRuns.quantizations({ id: run.id }, { signal }),
  });
}

/** Tasks are asked for again when this changes: data sets that came are files of the workspace. */
export function useRefreshTasks(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey: keys.tasks });
  };
}

/** A value that is still while the keys are pressed. */
export function useSettled<T>(value: T, delayMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return settled;
}
