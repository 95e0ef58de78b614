// The configs of runs as they were launched, and the tokens of a step that they say.
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Run } from '../../../../core/api/runs.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';

export interface RunConfig {
  readonly text: string;
  readonly path: string;
  /** Null where the config does not say it, or where it is only an upper bound. */
  readonly tokensPerStep: number | null;
  /** What it says, by keys with dots. */
  readonly values: ReadonlyMap<string, string>;
}

/** By run id; runs without a config are left out. */
export function useRunConfigs(runs: readonly Run[]): ReadonlyMap<string, RunConfig> {
  const client = useClient();
  const withConfig = runs.filter((run) => run.configPath !== null);
  const answers = useQueries({
    queries: withConfig.map((run) => ({
      queryKey: [...queryKeys.runs, 'config', run.id],
      // A run keeps the text it was launched with.
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<RunConfig> => {
        const { text, path } = await client.runs.config({ id: run.id }, { signal });
        return { text, path, ...(await readConfig(text)) };
      },
    })),
  });
  const key = answers.map(({ dataUpdatedAt }) => dataUpdatedAt).join(' ');
  const ids = withConfig.map(({ id }) => id).join(' ');
  return useMemo(() => {
    void key;
    const known = new Map<string, RunConfig>();
    for (const [index, id] of ids.split(' ').entries()) {
      const config = answers[index]?.data;
      if (config) known.set(id, config);
    }
    return known;
    // oxlint-disable-next-line react/exhaustive-deps
  }, [key, ids]);
}

async function readConfig(text: string): Promise<Pick<RunConfig, 'tokensPerStep' | 'values'>> {
  // What knows all tools' fields is large, and loaded only where there is a config.
  const { checkConfig } = await import('../../../../core/lib/config/check.ts');
  const { compareConfigs } = await import('../../../../core/lib/config/compare/compare.ts');
  const { derived } = checkConfig(text);
  const values = new Map(
    compareConfigs('', text).changes.flatMap((change) =>
      change.kind === 'added' ? [[change.path.join('.'), change.after.text] as const] : [],
    ),
  );
  return {
    tokensPerStep: derived === null || derived.tokensPerStepIsCeiling ? null : derived.tokensPerStep,
    values,
  };
}
