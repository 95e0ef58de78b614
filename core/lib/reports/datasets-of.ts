// The folders and names of data that a training config names, whichever tool it is for. Pure.
import { parse } from 'yaml';

/** Keys whose text is data; a list or a map of weights holds several. */
const KEYS = /^(?:dataset_folder|hf_dataset_or_datasets|dataset_name|dataset_path|train_files?|data_path)$/;
const MAX_FOUND = 200;
const DEEPEST = 12;

/** Empty for a text that is no config. */
export function datasetsOf(config: string): readonly string[] {
  const found = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value === 'string' && value !== '') found.add(value);
    else if (Array.isArray(value)) for (const one of value) add(one);
    else if (typeof value === 'object' && value !== null) for (const key of Object.keys(value)) add(key);
  };
  const walk = (value: unknown, deep: number): void => {
    if (deep > DEEPEST || typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (KEYS.test(key)) add(inner);
      else if (key === 'datasets' && Array.isArray(inner)) {
        for (const one of inner as readonly unknown[])
          if (typeof one === 'object' && one !== null && 'path' in one) add(one.path);
      } else walk(inner, deep + 1);
    }
  };
  try {
    walk(parse(config, { maxAliasCount: 100 }), 0);
  } catch {
    return [];
  }
  return [...found].slice(0, MAX_FOUND);
}
