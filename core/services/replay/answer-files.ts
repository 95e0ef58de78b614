// Answers of replays as files: evals/replays/<conversation>/<model key>.jsonl, one line an answer, only ever appended. An answer is
// found again by everything that decides it: the model is the file, template, prompt and sampler are its key.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ModelFingerprint } from '../../api/models.ts';
import { answerStatistics, type Prompt, type Sampling, stopReason } from '../../api/generation.ts';
import { appendLine } from '../files/append-line.ts';
import { makeFolder } from '../files/make-folder.ts';
import { PERSON_FILES_GIT_ATTRIBUTES } from '../files/person-files.ts';
import { readTextFile } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

const FOLDER = 'evals/replays';
/** Hundreds of long answers with their tokens. */
const MAX_FILE_BYTES = 268_435_456;
/** Files kept in memory: the checkpoints of a long run. */
const MAX_KNOWN = 400;

const keptAnswer = z.object({
  key: z.string(),
  text: z.string(),
  tokenIds: z.array(z.number()),
  tokenTexts: z.array(z.string()),
  special: z.array(z.number()),
  logProbabilities: z.array(z.number()),
  stopReason,
  statistics: answerStatistics,
  atMs: z.number(),
});
export type KeptAnswer = z.infer<typeof keptAnswer>;

/** The last line of a key counts. */
export type KeptAnswers = ReadonlyMap<string, KeptAnswer>;

export interface AnswerFiles {
  /** Lines that are none are left out: half a line after a crash is asked again. */
  read(root: string, script: string, modelKey: string): Promise<KeptAnswers>;
  keep(root: string, script: string, modelKey: string, answer: KeptAnswer): Promise<void>;
}

export function answerKey(
  model: Pick<ModelFingerprint, 'templateSha256'>,
  { prompt, sampling }: { readonly prompt: Prompt; readonly sampling: Sampling },
): string {
  // A template that is given replaces the model's own, which then decides nothing.
  const own = prompt.kind === 'chat' && prompt.template === null ? model.templateSha256 : null;
  return createHash('sha256')
    .update(JSON.stringify([own, prompt, sampling]))
    .digest('hex');
}

/** A file that has not changed is read once. */
export function createAnswerFiles(): AnswerFiles {
  const known = new Map<string, { readonly stamp: string; readonly answers: KeptAnswers }>();
  const pathOf = (root: string, script: string, modelKey: string) =>
    resolveInside(root, `${FOLDER}/${script}/${modelKey}.jsonl`);
  return {
    async read(root, script, modelKey) {
      const path = await pathOf(root, script, modelKey);
      const info = await stat(path).catch(() => null);
      if (info === null) return new Map();
      const stamp = `${info.size}:${info.mtimeMs}`;
      const cached = known.get(path);
      if (cached?.stamp === stamp) return cached.answers;
      const { text } = await readTextFile(path, MAX_FILE_BYTES);
      const answers = new Map(parseAnswers(text).map((answer) => [answer.key, answer]));
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(path, { stamp, answers });
      return answers;
    },
    async keep(root, script, modelKey, answer) {
      const folder = await resolveInside(root, FOLDER);
      await makeFolder(folder);
      const attributes = join(folder, '.gitattributes');
      if ((await stat(attributes).catch(() => null)) === null) {
        await writeFileAtomic(attributes, PERSON_FILES_GIT_ATTRIBUTES);
      }
      await makeFolder(await resolveInside(root, `${FOLDER}/${script}`));
      const path = await pathOf(root, script, modelKey);
      await withFileLock(root, path, () => appendLine(path, `${JSON.stringify(answer)}\n`));
    },
  };
}

function parseAnswers(text: string): readonly KeptAnswer[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [keptAnswer.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}
