// The checkpoints of a run as they lie on its target now, by its recipe's rule.
import { StudioError } from '../../../api/errors.ts';
import {
  type CheckpointListing,
  checkpointScript,
  parseCheckpoints,
} from '../../../lib/recipes/checkpoint-layouts.ts';
import type { RecipeFile } from '../../../lib/recipes/recipe-file.ts';
import { checkpointFolder, type CheckpointRule } from '../../../lib/recipes/resume.ts';
import { quoteWord } from '../../../lib/remote/quote.ts';
import type { RunRecord } from '../../../lib/runs/run-files.ts';
import { remotePath } from '../../../lib/remote/quote.ts';
import { runInBackground } from '../../targets/background-command.ts';
import type { Connection } from '../../targets/connection.ts';
import { folderWord } from './remote-file.ts';

/** A cold parallel file system takes its time over thousands of names. */
const TIMEOUT_MS = 60_000;

/** INVALID_INPUT for a recipe that writes none. */
export function checkpointRuleOf(recipe: RecipeFile): CheckpointRule {
  if (recipe.resume?.kind === 'checkpoint') return recipe.resume;
  throw new StudioError('INVALID_INPUT', `${recipe.title} does not say where its checkpoints lie`, {
    hint: 'Add `resume` to its recipe.yaml; resources/recipes/README.md tells how',
  });
}

/** Newest first. Throws UNAVAILABLE without a connection, INVALID_INPUT where the run names no folder. */
export async function listCheckpoints(
  connection: Connection,
  rule: CheckpointRule,
  record: RunRecord,
  signal?: AbortSignal,
): Promise<CheckpointListing> {
  const { parameters, config } = record;
  const said = checkpointFolder(rule, { parameters, config: config?.text ?? null });
  if (said === null) {
    throw new StudioError('INVALID_INPUT', `${record.name} was launched without a folder for checkpoints`, {
      hint: 'Name one in its config or parameters, and launch it again',
    });
  }
  // The job starts in the run's folder: that is where a relative path leads.
  const word = /^[/~$]/.test(said) ? remotePath(said) : `${folderWord(record)}/${quoteWord(said)}`;
  const { exitCode, stdout, stderr } = await runInBackground(
    connection,
    checkpointScript(rule.layout, word),
    {
      timeoutMs: TIMEOUT_MS,
      signal,
    },
  );
  if (exitCode !== 0) {
    throw new StudioError('UNAVAILABLE', 'The checkpoints could not be looked at', {
      hint: 'Look again in a moment',
      detail: stderr,
    });
  }
  return parseCheckpoints(rule.layout, new TextDecoder().decode(stdout));
}
