// The life of a checkpoint as a line of stages, from what is known of it. Draws nothing.
import type { CheckpointLife, CheckpointModel } from '../../../core/api/checkpoint-life.ts';
import type { Checkpoint, Opening } from '../../../core/api/checkpoints.ts';
import { formatAge, formatDiskSize } from '../../ui/format.ts';

export interface LifeStage {
  readonly id: 'saved' | 'pull' | 'convert' | 'verify' | 'chat';
  readonly title: string;
  readonly state: 'done' | 'running' | 'waiting' | 'failed';
  readonly detail: string;
}

/** The model of this type that was made of the weights that are here. */
export function modelOf(life: CheckpointLife | null, type: string): CheckpointModel | null {
  const model = life?.models.find((one) => one.type === type) ?? null;
  if (model === null || life?.pulled == null) return model;
  return life.pulled.key === model.weightsKey ? model : null;
}

export function lifeLine(
  checkpoint: Checkpoint,
  life: CheckpointLife | null,
  opening: Opening | null,
  type: string,
): readonly LifeStage[] {
  const model = modelOf(life, type);
  const verified = model?.verified ?? null;
  const pulled = life?.pulled ?? null;
  const stateOf = (stage: 'pull' | 'convert' | 'verify', isDone: boolean): LifeStage['state'] => {
    if (opening?.stage === stage) return opening.error === null ? 'running' : 'failed';
    return isDone ? 'done' : 'waiting';
  };
  const saved = checkpoint.savedMs === null ? '' : formatAge(checkpoint.savedMs);
  const isTrusted = verified !== null && verified.verdict !== 'different';
  return [
    {
      id: 'saved',
      title: 'Saved',
      state: checkpoint.problem === null ? 'done' : 'running',
      detail: checkpoint.problem === null ? saved : 'not whole yet',
    },
    {
      id: 'pull',
      title: 'Pulled',
      state: stateOf('pull', pulled !== null || model !== null),
      detail: pulledWords(life),
    },
    {
      id: 'convert',
      title: 'Converted',
      state: stateOf('convert', model !== null),
      detail: model === null ? type : `${model.type} · ${formatDiskSize(model.sizeBytes)}`,
    },
    {
      id: 'verify',
      title: 'Verified',
      state: verified?.verdict === 'different' ? 'failed' : stateOf('verify', isTrusted),
      detail: verified === null ? '' : verdictWords(verified),
    },
    { id: 'chat', title: 'Ready to chat', state: isTrusted ? 'done' : 'waiting', detail: '' },
  ];
}

function pulledWords(life: CheckpointLife | null): string {
  const pulled = life?.pulled ?? null;
  if (pulled === null) return life !== null && life.models.length > 0 ? 'weights let go' : '';
  if (pulled.mode === 'reference') return 'read where it is';
  return `${formatDiskSize(pulled.sizeBytes)} · ${pulled.checked === 'far' ? 'SHA-256 equal' : 'sizes equal'}`;
}

export function verdictWords({ verdict, top1 }: NonNullable<CheckpointModel['verified']>): string {
  const share = top1 === null ? '' : ` · ${(top1 * 100).toFixed(1)} % top-1`;
  return `${verdict}${share}`;
}
