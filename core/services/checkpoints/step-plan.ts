// What is to be pulled of one checkpoint as it was looked at, or why it cannot be.
import type { Checkpoint } from '../../api/checkpoints.ts';
import type { PulledWeights } from '../../api/checkpoint-life.ts';
import { StudioError } from '../../api/errors.ts';
import type { OpenableLayout } from '../../lib/checkpoints/layouts.ts';
import type { PlannedFile, PullPlan } from '../../lib/checkpoints/pull-plan.ts';
import type { RemoteFileLook, StepLook } from '../../lib/checkpoints/step-script.ts';
import { isOfModel, isOfTokenizer, isWeights, noWeightsReason } from '../../lib/checkpoints/weight-files.ts';
import { formatInteger } from '../../lib/format/numbers.ts';

export interface PullSource {
  readonly runName: string;
  readonly step: number;
  readonly layout: OpenableLayout;
  /** Absolute where it lies. */
  readonly path: string;
  /** What the config calls its tokenizer, and where a relative path begins there. */
  readonly tokenizer: string | null;
  readonly base: string;
}

/** The checkpoint, when it can be taken. Throws NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE (not whole yet). */
export function requireWhole(
  { step, path }: PullSource,
  { checkpoint, refused, path: found }: StepLook,
): Checkpoint {
  const name = `Step ${formatInteger(step)}`;
  if (found === null) {
    throw new StudioError('NOT_FOUND', `${name} is no longer where it was saved`, {
      hint: 'It was removed, or its folder may not be read; look at the list again',
      path,
    });
  }
  if (refused.length > 0) {
    throw new StudioError('PERMISSION_DENIED', `Parts of ${name} may not be read`, {
      hint: 'Ask its owner: chmod -R g+rX on the folder of the checkpoints',
      path,
      detail: refused.slice(0, 20).join('\n'),
    });
  }
  if (checkpoint !== null && checkpoint.problem === null) return checkpoint;
  throw new StudioError(
    'UNAVAILABLE',
    `${name} is not whole: ${checkpoint?.problem ?? 'it is no checkpoint'}`,
    {
      hint: 'It may still be written: wait until it is (--wait), or take the step before',
      path,
    },
  );
}

export function filesOf({ layout }: PullSource, look: StepLook): readonly RemoteFileLook[] {
  const wanted = look.files.filter(({ path }) => isOfModel(layout, path));
  if (wanted.some(({ path }) => isWeights(path))) return wanted;
  const { message, hint } = noWeightsReason(look.files.map(({ path }) => path));
  throw new StudioError('INVALID_INPUT', message, {
    hint,
    ...(look.path === null ? {} : { path: look.path }),
  });
}

/** The largest first: what is small comes along while the last large one is hashed. */
export function planOf(source: PullSource, look: StepLook): PullPlan {
  const folder = look.path ?? source.path;
  const own = filesOf(source, look).map((file) => ({ ...file, remote: `${folder}/${file.path}` }));
  const hasTokenizer = own.some(({ path }) => path === 'tokenizer.json' || path === 'tokenizer.model');
  const besides = hasTokenizer || look.tokenizer === null ? [] : besideOf(look.tokenizer, own);
  const files = [...own, ...besides].sort((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1));
  return { format: 1, source: folder, files };
}

function besideOf(
  { folder, files }: NonNullable<StepLook['tokenizer']>,
  own: readonly { readonly path: string }[],
): readonly PlannedFile[] {
  const taken = new Set(own.map(({ path }) => path));
  return files
    .filter(({ path }) => isOfTokenizer(path) && !taken.has(path))
    .map((file) => ({ ...file, remote: `${folder}/${file.path}` }));
}

export function isSame({ files }: PulledWeights, plan: PullPlan): boolean {
  const key = (list: readonly { readonly path: string; readonly stamp: string }[]) =>
    list
      .map(({ path, stamp }) => `${path}\n${stamp}`)
      .sort()
      .join('\n');
  return key(files) === key(plan.files);
}

export function isPlan(one: PullPlan, other: PullPlan): boolean {
  return JSON.stringify(one.files) === JSON.stringify(other.files);
}
