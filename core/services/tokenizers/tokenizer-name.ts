// What people call a tokenizer, by its path.
import { basename, dirname } from 'node:path';

/** The folder's name, which is what people call a tokenizer; of `tokenizers/mine.json` its own. */
export function tokenizerName(path: string): string {
  const file = basename(path);
  return file === 'tokenizer.json' ? basename(dirname(path)) || file : file.replace(/\.json$/, '');
}
