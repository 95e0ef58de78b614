// Derived numbers of runs: facts from the run's record, numbers from its points.
import { join } from 'node:path';
import type { RunFacts, RunNumbers } from '../../api/run-facts.ts';
import { computeRunNumbers } from '../../lib/derived/run-numbers.ts';
import type { CoreContext } from '../context.ts';
import { factsOf, readRecord } from '../runs/run-facts.ts';
import { readRunPoints } from './run-points.ts';
import { changeWatchFile } from '../runs/watch-files.ts';

export interface MonitorService {
  facts(id: string): Promise<RunFacts>;
  numbers(id: string, isLive: boolean, signal?: AbortSignal): Promise<RunNumbers>;
  setBytesPerToken(id: string, value: number | null): Promise<RunFacts>;
}

export function createMonitorService(context: CoreContext): MonitorService {
  const root = () => context.workspace.require().path;
  const facts = async (id: string): Promise<RunFacts> => {
    const record = await readRecord(root(), id);
    return factsOf(root(), record, await context.settings.read());
  };
  return {
    facts,
    async numbers(id, isLive, signal) {
      const known = await facts(id);
      return computeRunNumbers(await readRunPoints(join(root(), 'runs', id), signal), known, isLive);
    },
    async setBytesPerToken(id, value) {
      await readRecord(root(), id);
      await changeWatchFile(root(), id, (before) => ({ ...before, bytesPerToken: value }));
      return facts(id);
    },
  };
}
