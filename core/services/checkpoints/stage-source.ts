// Where one step of a run lies, and how to get there: from the run's record and list, or, where the run is gone, from what was noted
// when it was pulled.
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { isOpenable, whyNotOpened } from '../../lib/checkpoints/layouts.ts';
import { formatInteger } from '../../lib/format/numbers.ts';
import type { CoreContext } from '../context.ts';
import { factsOf, readRecord } from '../runs/run-facts.ts';
import type { TargetService } from '../targets/service.ts';
import { findLife, sourceHere } from './life-store.ts';
import { type CheckpointService, readMemory } from './service.ts';
import type { StageSource } from './stage-types.ts';

/** NOT_FOUND when nobody knows of such a step, INVALID_INPUT where its format is not read here. */
export async function findSource(
  context: CoreContext,
  service: CheckpointService,
  targets: TargetService,
  { runId, step }: { readonly runId: string; readonly step: number },
): Promise<StageSource> {
  const root = context.workspace.require().path;
  const record = await readRecord(root, runId).catch((error: unknown) => {
    if (error instanceof StudioError && error.code === 'NOT_FOUND') return null;
    throw error;
  });
  const life = await findLife(root, runId, step);
  const target = record === null ? life?.source.target : record.remote === null ? HERE : record.target;
  const connection =
    target === undefined || target === HERE ? null : await targets.connectionOf(target).catch(() => null);
  let list = record === null ? null : await listOf(root, service, runId, record.remote !== null);
  let listed = list?.checkpoints.find((one) => one.step === step) ?? null;
  if (listed === null && connection?.state.kind === 'connected' && record !== null) {
    // It may be newer than the last look.
    await service.askTarget(connection, [runId]).catch(() => undefined);
    list = await listOf(root, service, runId, true);
    listed = list.checkpoints.find((one) => one.step === step) ?? null;
  }
  if (listed === null && life === null) {
    const steps = (list?.checkpoints ?? []).map((one) => formatInteger(one.step));
    throw new StudioError('NOT_FOUND', `${runId} has no checkpoint of step ${formatInteger(step)}`, {
      hint:
        steps.length === 0 ? (list?.problem ?? 'nesso run list shows the runs') : `It has ${shown(steps)}`,
    });
  }
  const layout = listed?.layout ?? life?.source.layout ?? 'nanotron';
  if (!isOpenable(layout)) {
    const { message, hint } = whyNotOpened(layout);
    throw new StudioError('INVALID_INPUT', message, { hint });
  }
  const workingFolder =
    record !== null && isAbsolute(record.workingFolder) ? record.workingFolder : join(root, 'runs', runId);
  const facts = record === null ? null : await factsOf(root, record, await context.settings.read());
  return {
    runName: record?.name ?? life?.runName ?? runId,
    step,
    layout,
    path:
      listed?.path ??
      (life === null ? '' : life.source.target === HERE ? sourceHere(root, life) : life.source.path),
    tokenizer: facts?.tokenizer ?? null,
    base: record?.remote?.folder ?? homedir(),
    workingFolder,
    target: target ?? HERE,
    connection,
    listed,
  };
}

const HERE = 'this-computer';
const SHOWN_STEPS = 8;

function shown(steps: readonly string[]): string {
  const newest = steps.slice(-SHOWN_STEPS).join(', ');
  return steps.length > SHOWN_STEPS ? `… ${newest}` : newest;
}

async function listOf(root: string, service: CheckpointService, id: string, isRemote: boolean) {
  return isRemote ? readMemory(root, id) : service.list(id);
}
