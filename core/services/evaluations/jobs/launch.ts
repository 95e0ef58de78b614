// Launches an evaluation once: under a lock, after a look at what was launched before, so that two windows, a rule and a person do not
// queue the same twice. A submission that was interrupted is the run's own to finish.
import { StudioError } from '../../../api/errors.ts';
import type { EvaluationRequest } from '../../../api/evaluation-jobs.ts';
import { isOver } from '../../../lib/runs/run-state.ts';
import type { Run } from '../../../api/runs.ts';
import { whileHolding } from '../../files/held-lock.ts';
import type { RunService } from '../../runs/service.ts';
import { planEvaluation, type PlanPlaces } from './plan.ts';

export interface LaunchPlaces extends PlanPlaces {
  readonly runs: Pick<RunService, 'launch' | 'launchChain'>;
}

export interface LaunchedEvaluation {
  readonly job: Run;
  readonly conversion: Run | null;
  readonly wasThere: boolean;
}

export interface LaunchOptions {
  /** A second one of the same is wanted. */
  readonly again: boolean;
  /** Any earlier one counts, also one that failed: nobody looks on. */
  readonly byRule?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Throws what planning and launching throw. */
export async function launchEvaluation(
  places: LaunchPlaces,
  request: EvaluationRequest,
  { again, byRule = false, signal }: LaunchOptions,
): Promise<LaunchedEvaluation> {
  const root = places.context.workspace.require().path;
  const waiting = { signal: signal ?? new AbortController().signal, onWaiting: () => undefined };
  return whileHolding(root, `evaluation ${JSON.stringify(request.subject)}`, waiting, async () => {
    const plan = await planEvaluation(places, request);
    const runs = await places.listRuns();
    const same = plan.shown.earlier.find(({ state }) => byRule || !isOver(state) || state === 'done');
    const there = same === undefined ? undefined : runs.find(({ id }) => id === same.id);
    if (!again && there !== undefined) return { job: there, conversion: null, wasThere: true };
    const { evaluation, conversion, after } = plan;
    if (conversion === null) {
      const job = await places.runs.launch(after === null ? evaluation : { ...evaluation, after });
      return { job, conversion: null, wasThere: false };
    }
    if (conversion.parameters['tokenizer'] === '') {
      throw new StudioError('INVALID_INPUT', 'The config of the run names no tokenizer', {
        hint: 'Name the tokenizer that is saved beside the converted weights',
      });
    }
    const [first, job] = await places.runs.launchChain([conversion, evaluation]);
    if (first === undefined || job === undefined) throw new TypeError('A chain of two has two runs');
    return { job, conversion: first, wasThere: false };
  });
}
