// Every value of a model, read once for what can be said about each tensor; and every entry of its vocabulary.
import type { TensorStatistics } from '../../api/weights.ts';
import { StudioError } from '../../api/errors.ts';
import { toFloats } from '../../lib/conversion/float-bits.ts';
import { SummedValues } from '../../lib/conversion/summed-values.ts';
import { ConversionFault } from '../../lib/conversion/tensor-rows.ts';
import { type TokenColumns, vocabularyOf } from '../../lib/conversion/tokenizer-facts.ts';
import { tokenizerLists, vocabularyOfGguf } from '../../lib/conversion/tokenizer-lists.ts';
import { piecesOf } from './writing/copy-rows.ts';
import { openGguf } from './sources/gguf-source.ts';
import { isGguf, openSource } from './sources/open-source.ts';
import { readTokenizerFolder } from './sources/tokenizer-folder.ts';

export interface StatisticsWork {
  readonly progress: (share: number) => Promise<void>;
  readonly onTensor: (tensor: TensorStatistics, share: number) => void;
}

/** Names of the tensors whose type has no values here. Throws what opening throws, CONFLICT. */
export async function readStatistics(path: string, work: StatisticsWork): Promise<{ unread: string[] }> {
  try {
    using source = openSource(path);
    const totalBytes = source.tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const unread: string[] = [];
    let doneBytes = 0;
    for (const { name, sizeBytes } of source.tensors) {
      const tensor = source.rows(name);
      if (tensor) {
        const values = new SummedValues();
        for (const bytes of piecesOf(tensor)) {
          values.add(toFloats(bytes, tensor.type));
          await work.progress(doneBytes / totalBytes);
        }
        work.onTensor({ name, ...values.result() }, (doneBytes + sizeBytes) / totalBytes);
      } else unread.push(name);
      doneBytes += sizeBytes;
    }
    source.requireUnchanged();
    return { unread };
  } catch (error) {
    if (!(error instanceof ConversionFault)) throw error;
    throw new StudioError('INVALID_INPUT', error.message, { hint: error.hint, path, cause: error });
  }
}

/** Throws NOT_FOUND without a tokenizer, CORRUPT_FILE for one that is none. */
export function readVocabulary(path: string): TokenColumns {
  if (isGguf(path)) {
    using source = openGguf(path, tokenizerLists);
    return vocabularyOfGguf(source.header);
  }
  const columns = vocabularyOf(readTokenizerFolder(path).file);
  if (columns) return columns;
  throw new StudioError('CORRUPT_FILE', 'tokenizer.json is not a tokenizer', {
    hint: 'Copy it again, or save it anew with transformers',
    path,
  });
}
