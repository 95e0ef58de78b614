// Which files of a data set hold one split of one part of it, by their names: data sets lie on the hub as `it/test-00000-of-00001.parquet`,
// `data/it_test.jsonl` or `it/test.jsonl`. Pure.

/** Names of the same split. */
const SPLITS: readonly (readonly string[])[] = [['validation', 'val', 'valid'], ['train'], ['test'], ['dev']];
const ENDING = /\.(jsonl|ndjson|parquet)$/i;

/** In their order; of one format where there are two. `paths` are inside the data set's folder, with slashes. */
export function filesOfSplit(
  paths: readonly string[],
  { config, split }: { readonly config: string | null; readonly split: string },
): readonly string[] {
  const names = SPLITS.find((one) => one.includes(split)) ?? [split];
  const fitting = paths.filter(
    (path) => ENDING.test(path) && hasConfig(path, config) && isSplit(path, config, names),
  );
  const [first] = fitting;
  const ending = first === undefined ? '' : (ENDING.exec(first)?.[1] ?? '').toLowerCase();
  return fitting.filter((path) => path.toLowerCase().endsWith(`.${ending}`)).toSorted();
}

function hasConfig(path: string, config: string | null): boolean {
  if (config === null) return true;
  const wanted = config.toLowerCase();
  const parts = path.toLowerCase().split('/');
  const file = parts.pop() ?? '';
  return parts.includes(wanted) || startsWith(file, wanted);
}

const startsWith = (file: string, name: string): boolean =>
  file.startsWith(name) && /^[-_.]/.test(file.slice(name.length));

function isSplit(path: string, config: string | null, names: readonly string[]): boolean {
  const parts = path.toLowerCase().split('/');
  const file = parts.pop() ?? '';
  const own = config?.toLowerCase() ?? '';
  const rest = own !== '' && startsWith(file, own) ? file.slice(own.length + 1) : file;
  if (names.some((name) => startsWith(rest, name))) return true;
  // A folder a split holds files with any name that says no other.
  return parts.some((part) => names.includes(part)) && !SPLITS.flat().some((name) => startsWith(rest, name));
}
