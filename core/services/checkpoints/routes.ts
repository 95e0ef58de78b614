// Routes of checkpoints: binds the contract to the services of this folder.
import type { OpenRequest, OpeningEvent, Stage } from '../../api/checkpoints.ts';
import { StudioError } from '../../api/errors.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { readRecord } from '../runs/run-facts.ts';
import { progressEvents } from '../progress-events.ts';
import { streamAfter } from '../signal-bus.ts';
import type { TargetService } from '../targets/service.ts';
import { changeLife, findLife, listLives } from './life-store.ts';
import { freeOld, measureLocal, removeLocal, restoreLocal, UNDO_MS } from './budget.ts';
import { createOpener } from './opener.ts';
import { createRuleKeeper } from './rules.ts';
import type { CheckpointService } from './service.ts';
import { findSource } from './stage-source.ts';

/** Of a target that is connected; a live run's is asked by its follower as often. */
const LOOK_AGAIN_MS = 30_000;
/** As often as a window draws it. */
const TELL_EVERY_MS = 100;

export function checkpointsRoutes(context: CoreContext, service: CheckpointService, targets: TargetService) {
  const root = () => context.workspace.require().path;
  const opener = createOpener(context, (runId, step) =>
    findSource(context, service, targets, { runId, step }),
  );
  const rules = createRuleKeeper(context, {
    isReachable: async (runId) => {
      const { remote, target } = await readRecord(root(), runId);
      return remote === null || (await targets.connectionOf(target)).state.kind === 'connected';
    },
    listOf: (runId) => service.list(runId),
    open: (runId, step, { type, verify }, signal) =>
      opener.open(
        {
          runId,
          step,
          type,
          asked: verify ? ['pull', 'convert', 'verify'] : ['pull', 'convert'],
          byRule: true,
          how: 'auto',
          bytesPerSecond: null,
          wait: false,
          keepGoing: false,
          verify,
          tokenizer: null,
          preTokenizer: null,
        },
        { signal },
      ),
    onChange: () => opener.touched(),
  });
  if (context.options.host === 'serve' || context.options.host === 'electron') rules.start();
  const stream = (
    { id, ...request }: OpenRequest,
    asked: readonly Stage[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<OpeningEvent, void> =>
    progressEvents((onProgress: (now: Omit<Extract<OpeningEvent, { kind: 'progress' }>, 'kind'>) => void) =>
      opener.open({ ...request, runId: id, asked, byRule: false }, { signal, onProgress }),
    );
  return {
    procedures: {
      list: api.checkpoints.list.handler(async ({ input, signal }) => {
        const list = await service.list(input.id, signal);
        // A run that is followed no longer is not asked about by itself.
        const isOld = list.lookedMs === null || Date.now() - list.lookedMs > LOOK_AGAIN_MS;
        const record = isOld ? await readRecord(root(), input.id) : null;
        if (record?.remote == null) return list;
        const connection = await targets.connectionOf(record.target).catch(() => null);
        if (connection?.state.kind !== 'connected') return list;
        await service.askTarget(connection, [input.id]).catch(() => undefined);
        return service.list(input.id, signal);
      }),
      lives: api.checkpoints.lives.handler(async ({ input }) => [...(await listLives(root(), input.id))]),
      pull: api.checkpoints.pull.handler(async ({ input, signal }) =>
        stream(
          { ...input, type: 'q8_0', verify: false, tokenizer: null, preTokenizer: null },
          ['pull'],
          signal,
        ),
      ),
      open: api.checkpoints.open.handler(async ({ input, signal }) =>
        stream(input, input.verify ? ['pull', 'convert', 'verify'] : ['pull', 'convert'], signal),
      ),
      watch: api.checkpoints.watch.handler(({ signal }) =>
        (async function* () {
          const states = streamAfter(opener.changes, () => [opener.now()], {
            signal,
            keyOf: () => 'all',
            intervalMs: TELL_EVERY_MS,
          });
          for await (const state of states) yield { ...state, openings: [...state.openings] };
        })(),
      ),
      local: api.checkpoints.local.handler(async () => {
        const { checkpointLimitGb } = await context.settings.read();
        const busy = new Set(
          opener
            .now()
            .openings.filter(({ error }) => error === null)
            .map(({ runId, step }) => `${runId}/${step}`),
        );
        return measureLocal(root(), {
          limitBytes: checkpointLimitGb * 1e9,
          isBusy: (runId, step) => busy.has(`${runId}/${step}`),
          keepOf: async (runId) => (await rules.ruleOf(runId))?.keep ?? null,
        });
      }),
      remove: api.checkpoints.remove.handler(async ({ input }) => {
        const here = root();
        const removed = await removeLocal(
          here,
          input.items.map(({ id, step, what }) => ({ runId: id, step, what })),
        );
        setTimeout(
          () => void freeOld(here, Date.now() - UNDO_MS).catch(() => undefined),
          UNDO_MS + 1000,
        ).unref();
        opener.touched();
        return removed;
      }),
      restore: api.checkpoints.restore.handler(async ({ input }) => {
        await restoreLocal(root(), input.tokens);
        opener.touched();
        return {};
      }),
      freeNow: api.checkpoints.freeNow.handler(async () => {
        const bytes = await freeOld(root(), Date.now());
        opener.touched();
        return { bytes };
      }),
      rules: api.checkpoints.rules.handler(() => rules.list()),
      saveRule: api.checkpoints.saveRule.handler(async ({ input }) => {
        await rules.save(input.id, input.rule);
        return {};
      }),
      cancel: api.checkpoints.cancel.handler(({ input }) => {
        opener.cancel(input.id, input.step);
        return {};
      }),
      pin: api.checkpoints.pin.handler(async ({ input }) => {
        const life = await findLife(root(), input.id, input.step);
        if (life === null) {
          throw new StudioError('NOT_FOUND', 'Nothing of this step is here', { hint: 'Pull it first' });
        }
        const pinned = await changeLife(root(), life, (before) => ({ ...before, pinned: input.pinned }));
        opener.touched();
        return pinned;
      }),
    },
    opener,
    rules,
    async dispose() {
      await rules.dispose();
      await opener.dispose();
    },
  };
}
