// The models of a workspace: every GGUF file, with what its header says or why it was refused.
// Knows nothing of runtimes; a file is never loaded here.
import { basename, dirname, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { ModelDetail, ModelOrigin, ModelSummary } from '../../api/models.ts';
import { LIFE_FILE, lifeFolderOfModel, originOf, readLife } from '../../lib/checkpoints/life-files.ts';
import { sourceHashOf } from '../../lib/conversion/gguf-metadata.ts';
import { describeGguf, formatGgufValue } from '../../lib/gguf/describe.ts';
import { textOf } from '../../lib/gguf/header.ts';
import { readReport } from './parity-file.ts';
import { readTextFile } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { toStudioError } from '../system-errors.ts';
import { listFiles } from '../workspace/list-files.ts';
import { type ModelFile, readModelFile } from './read-header.ts';

/** A card is a page of text; more is another kind of file. */
const MAX_CARD_BYTES = 256 * 1024;
const MODEL = /\.gguf$/i;

export interface ModelList {
  list(root: string, signal?: AbortSignal): Promise<ModelSummary[]>;
}

/** Headers are kept by path, size and time, so that a list that is drawn again reads nothing. */
export function createModelList(): ModelList {
  const known = new Map<string, { readonly stamp: string; readonly summary: ModelSummary }>();
  return {
    async list(root, signal) {
      const { files } = await listFiles(root, signal);
      const found: ModelSummary[] = [];
      for (const file of files.filter(({ path }) => MODEL.test(path))) {
        signal?.throwIfAborted();
        const key = join(root, file.path);
        const stamp = `${file.sizeBytes}:${file.modifiedMs}`;
        const cached = known.get(key);
        const summary =
          cached?.stamp === stamp ? cached.summary : await summaryOf(root, file.path, file.sizeBytes);
        known.set(key, { stamp, summary });
        const report = await readReport(key, {
          sizeBytes: file.sizeBytes,
          sourceSha256: summary.weightsSha256,
        });
        found.push({
          ...summary,
          origin: await readOrigin(root, file.path),
          verification:
            report === null ? null : { verdict: report.record.report.verdict, isCurrent: report.isCurrent },
        });
      }
      return found;
    },
  };
}

/** From the file of the checkpoint beside it. */
export async function readOrigin(root: string, path: string): Promise<ModelOrigin | null> {
  const folder = lifeFolderOfModel(path);
  if (folder === null) return null;
  const text = await readFile(join(root, folder, LIFE_FILE), 'utf8').catch(() => null);
  const life = text === null ? null : readLife(text);
  return life === null ? null : originOf(path, life);
}

async function summaryOf(root: string, path: string, sizeBytes: number): Promise<ModelSummary> {
  try {
    const file = await readModelFile(await resolveInside(root, path));
    return summarize(path, file);
  } catch (error) {
    return { ...refused(path, sizeBytes), problem: toStudioError(error).message };
  }
}

/** Everything the header and the card beside the file say. CORRUPT_FILE for a refused header. */
export async function inspectModel(absolutePath: string, shownPath: string): Promise<ModelDetail> {
  const file = await readModelFile(absolutePath);
  const { header } = file;
  return {
    ...summarize(shownPath, file),
    metadata: [...header.metadata].map(([key, value]) => ({ key, value: formatGgufValue(value) })),
    tensors: header.tensors.map(({ name, shape, type }) => ({ name, shape: [...shape], type })),
    chatTemplate: describeGguf(header).chatTemplate,
    card: await readTextFile(join(dirname(absolutePath), 'README.md'), MAX_CARD_BYTES).then(
      (card) => card.text,
      () => null,
    ),
  };
}

function summarize(path: string, { header, sizeBytes }: ModelFile): ModelSummary {
  const { architecture, parameters, quantization, contextLength, chatTemplate } = describeGguf(header);
  return {
    path,
    name: textOf(header, 'general.name') || basename(path),
    sizeBytes,
    architecture,
    parameters,
    quantization,
    contextLength,
    hasChatTemplate: chatTemplate !== null && chatTemplate !== '',
    problem: null,
    origin: null,
    weightsSha256: sourceHashOf(header),
    verification: null,
  };
}

function refused(path: string, sizeBytes: number): ModelSummary {
  return {
    path,
    name: basename(path),
    sizeBytes,
    architecture: null,
    parameters: null,
    quantization: null,
    contextLength: null,
    hasChatTemplate: false,
    problem: null,
    origin: null,
    weightsSha256: null,
    verification: null,
  };
}
