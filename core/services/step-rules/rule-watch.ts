// Looks at all rules of a workspace every few seconds, one look at a time, until it is disposed. A look that fails is not the last.
import type { CoreContext } from '../context.ts';
import { toStudioError } from '../system-errors.ts';
import type { Due, Failures } from './failures.ts';
import type { RuleStore } from './rule-store.ts';

const LOOK_EVERY_MS = 10_000;

export interface RuleWatchOptions<Rule, State, Step extends Due> {
  readonly store: RuleStore<Rule, State, Step>;
  /** One look at one rule that is not paused. What it throws is not told: a run may be gone or unreadable for a while. */
  readonly follow: (look: RuleLook<Rule, Step>) => Promise<void>;
  /** The title of the notice that says what could not be done. */
  readonly failureTitle: (runId: string, due: Step) => string;
}

export interface RuleLook<Rule, Step extends Due> {
  /** The workspace this look began in. */
  readonly root: string;
  readonly runId: string;
  readonly rule: Rule;
  /** Aborts when the watch is disposed. */
  readonly signal: AbortSignal;
  /** False once the workspace was switched or the watch is disposed. */
  readonly goesOn: () => boolean;
  /** Does what is due; what it throws is noted, and said once. */
  readonly attempt: (due: Step, work: () => Promise<void>) => Promise<void>;
}

export interface RuleWatch {
  start(): void;
  /** One look at every rule now. */
  lookNow(): Promise<void>;
  dispose(): Promise<void>;
}

export function createRuleWatch<
  Rule extends { readonly paused: boolean },
  Step extends Due,
  State extends Failures<Step>,
>(context: CoreContext, options: RuleWatchOptions<Rule, State, Step>): RuleWatch {
  const { store, follow, failureTitle } = options;
  const closing = new AbortController();
  const { signal } = closing;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  const here = () => context.workspace.current?.path ?? null;

  const tell = async (root: string, runId: string, due: Step, error: unknown): Promise<void> => {
    const { message, data } = toStudioError(error);
    if (!(await store.noteFailure(root, runId, due, message))) return;
    context.notices.post({
      severity: 'warning',
      title: failureTitle(runId, due),
      detail: `${message}. ${data.hint}. It is tried again by itself.`,
    });
  };
  const look = async (): Promise<void> => {
    const root = here();
    if (root === null) return;
    for (const [runId, rule] of await store.readAll(root)) {
      if (rule.paused || signal.aborted) continue;
      await follow({
        root,
        runId,
        rule,
        signal,
        goesOn: () => !signal.aborted && here() === root,
        attempt: (due, work) =>
          work().catch(async (error: unknown) => {
            if (!signal.aborted) await tell(root, runId, due, error);
          }),
      }).catch(() => undefined);
    }
  };
  const lookNow = async (): Promise<void> => {
    while (looking !== null) await looking;
    looking = look().finally(() => {
      looking = null;
    });
    await looking;
  };
  const schedule = (): void => {
    clearTimeout(timer);
    if (signal.aborted) return;
    timer = setTimeout(
      () =>
        void lookNow()
          .catch(() => undefined)
          .finally(schedule),
      LOOK_EVERY_MS,
    );
    timer.unref();
  };

  return {
    start: schedule,
    lookNow,
    async dispose() {
      closing.abort();
      clearTimeout(timer);
      await looking?.catch(() => undefined);
    },
  };
}
