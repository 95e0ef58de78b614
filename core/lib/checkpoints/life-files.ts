// Where the life of a checkpoint lies in a workspace, and what its file says. Without files.
import { type CheckpointLife, checkpointLife } from '../../api/checkpoint-life.ts';
import type { ModelOrigin } from '../../api/models.ts';

export const CHECKPOINTS_FOLDER = 'checkpoints';
export const LIFE_FILE = 'checkpoint.json';
export const WEIGHTS_FOLDER = 'weights';
/** What is being pulled; it takes the name above when it is whole. */
export const PART_FOLDER = 'weights.part';
/** Of every checkpoints/ folder: weights and models do not go into git, their stories do. */
export const IGNORED = '*/*/weights/\n*/*/weights.part/\n*.gguf\n*.part\n';

/** `checkpoints/<run>/<step>`, from the workspace. */
export function lifeFolder(runId: string, step: number): string {
  return `${CHECKPOINTS_FOLDER}/${runId}/${step}`;
}

/** Null for what is no such file, or of a later format. */
export function readLife(text: string): CheckpointLife | null {
  try {
    return checkpointLife.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** `checkpoints/my-run/5000/model-q8_0.gguf` → its folder; null for a model from elsewhere. */
export function lifeFolderOfModel(path: string): string | null {
  return /^(checkpoints\/[^/]+\/\d+)\/[^/]+\.gguf$/.exec(path)?.[1] ?? null;
}

/** Where a model in a checkpoint's folder comes from. */
export function originOf(path: string, life: CheckpointLife): ModelOrigin {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const { runId, runName, step, tokens } = life;
  const made = life.models.find((model) => model.file === file);
  return { runId, runName, step, tokens, type: made?.type ?? typeInName(file) };
}

function typeInName(file: string): string {
  return /^model-([a-z0-9_]+)\.gguf$/i.exec(file)?.[1]?.toLowerCase() ?? '';
}
