// What a person chose once for all checkpoints of a run: the tokenizer it was trained with. checkpoints/<run>/choices.json.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CHECKPOINTS_FOLDER } from '../../lib/checkpoints/life-files.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

const runChoices = z.object({
  tokenizer: z.string().nullable().default(null),
  preTokenizer: z.string().nullable().default(null),
});
export type RunChoices = z.infer<typeof runChoices>;

async function readRunChoices(root: string, runId: string): Promise<RunChoices> {
  try {
    return runChoices.parse(JSON.parse(await readFile(pathOf(root, runId), 'utf8')));
  } catch {
    return { tokenizer: null, preTokenizer: null };
  }
}

export async function writeRunChoices(root: string, runId: string, choices: RunChoices): Promise<void> {
  await writeFileAtomic(pathOf(root, runId), `${JSON.stringify(choices, null, 2)}\n`);
}

/** What is asked for now wins over what was chosen before. */
export async function choicesFor(
  root: string,
  { runId, tokenizer, preTokenizer }: RunChoices & { readonly runId: string },
): Promise<RunChoices> {
  const known = await readRunChoices(root, runId);
  return { tokenizer: tokenizer ?? known.tokenizer, preTokenizer: preTokenizer ?? known.preTokenizer };
}

function pathOf(root: string, runId: string): string {
  return join(root, CHECKPOINTS_FOLDER, runId, 'choices.json');
}
