// Routes of checkpoints: binds the contract to the services of this folder.
import type { OpenRequest, OpeningEvent, Stage } from '../../api/checkpoints.ts';
import { StudioError } from '../../api/errors.ts';
import { api, typedStream } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { readRecord } from '../monitor/facts.ts';
import { progressEvents } from '../progress-events.ts';
import { streamOf } from '../signal-bus.ts';
import type { TargetService } from '../targets/service.ts';
import { changeLife, findLife, listLives } from './life-store.ts';
import { createOpener } from './opener.ts';
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
  const stream = (
    { id, ...request }: OpenRequest,
    asked: readonly Stage[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<OpeningEvent, void> =>
    typedStream(
      progressEvents((onProgress: (now: Omit<Extract<OpeningEvent, { kind: 'progress' }>, 'kind'>) => void) =>
        opener.open({ ...request, runId: id, asked, byRule: false }, { signal, onProgress }),
      ),
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
        typedStream(
          (async function* () {
            const later = streamOf(opener.changes, { signal, keyOf: () => 'all', intervalMs: TELL_EVERY_MS });
            const next = later.next();
            yield opener.now();
            const first = await next;
            if (!first.done) yield { ...first.value, openings: [...first.value.openings] };
            for await (const value of later) yield { ...value, openings: [...value.openings] };
          })(),
        ),
      ),
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
    dispose: () => opener.dispose(),
  };
}
