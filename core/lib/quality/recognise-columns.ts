// Which columns of a corpus mean what: by their names, as FineWeb, FineWeb-2, datatrove and the JQL sets use them.
// Names and types only; nothing is read.

/** A column, or a field inside one: `metadata.token_count` has the path [metadata, token_count]. */
export interface Leaf {
  readonly name: string;
  readonly path: readonly string[];
  readonly kind: 'text' | 'number' | 'boolean' | 'other';
}

/** A column as DuckDB types it; `path` when it is a field inside another. */
export function leafOf(column: {
  readonly name: string;
  readonly type: string;
  readonly numeric: boolean;
  readonly path?: readonly string[] | undefined;
}): Leaf {
  const { name, type, numeric, path } = column;
  const kind = type === 'VARCHAR' ? 'text' : type === 'BOOLEAN' ? 'boolean' : numeric ? 'number' : 'other';
  return { name, path: path ?? [name], kind };
}

export interface RecognisedColumns {
  readonly text: string | null;
  readonly id: string | null;
  readonly language: string | null;
  readonly script: string | null;
  /** A column that says true for what FineWeb-2 kept. */
  readonly kept: string | null;
  /** A column that is null for what FineWeb-2 kept. */
  readonly filterReason: string | null;
  readonly tokens: string | null;
  readonly scores: readonly string[];
}

const names = {
  text: ['text', 'content', 'document', 'body'],
  id: ['id', 'document_id', 'doc_id', 'uuid'],
  language: ['language', 'lang'],
  script: ['language_script', 'script'],
  kept: ['fw2_kept', 'fw2_keep', 'is_kept', 'kept'],
  filterReason: ['filter_reason'],
  tokens: ['token_count', 'tokens', 'n_tokens', 'num_tokens', 'token_length'],
} as const;

/** How sure a language detector was is not a quality. */
const notQuality = /(^|[._])(language|lang|lid|langid)[._]?score$|_lid_score$|score_(lid|language)$/i;

/** Numeric columns with `score` in their name that are not a language detector's; a nested one counts by its whole name. */
export function isScoreColumn(leaf: Leaf): boolean {
  return leaf.kind === 'number' && /score/i.test(leaf.name) && !notQuality.test(leaf.name);
}

function find(
  leaves: readonly Leaf[],
  wanted: readonly string[],
  kinds: readonly Leaf['kind'][],
): string | null {
  const usable = leaves.filter((leaf) => kinds.includes(leaf.kind));
  const last = (leaf: Leaf): string => (leaf.path.at(-1) ?? '').toLowerCase();
  // A column of its own is meant before a field inside one.
  const ordered = [...usable].sort((a, b) => a.path.length - b.path.length);
  for (const name of wanted) {
    const found = ordered.find((leaf) => last(leaf) === name);
    if (found) return found.name;
  }
  return null;
}

export function recogniseColumns(leaves: readonly Leaf[]): RecognisedColumns {
  return {
    text: find(leaves, names.text, ['text']),
    id: find(leaves, names.id, ['text', 'number']),
    language: find(leaves, names.language, ['text']),
    script: find(leaves, names.script, ['text']),
    kept: find(leaves, names.kept, ['boolean', 'number']),
    filterReason: find(leaves, names.filterReason, ['text']),
    tokens: find(leaves, names.tokens, ['number']),
    scores: leaves.filter(isScoreColumn).map((leaf) => leaf.name),
  };
}

/**
 * The column a person means by `head`: its exact name, `score_<head>`, or the only score column that contains it, case ignored.
 * Null when there is none or more than one.
 */
export function findHeadColumn(head: string, leaves: readonly Leaf[]): string | null {
  const numbers = leaves.filter((leaf) => leaf.kind === 'number');
  const lower = head.toLowerCase();
  for (const wanted of [head, lower, `score_${lower}`]) {
    const exact = numbers.find((leaf) => leaf.name === wanted || leaf.name.toLowerCase() === wanted);
    if (exact) return exact.name;
  }
  const last = numbers.filter((leaf) => leaf.path.at(-1)?.toLowerCase() === lower);
  if (last.length === 1) return last[0]?.name ?? null;
  const containing = numbers.filter((leaf) => isScoreColumn(leaf) && leaf.name.toLowerCase().includes(lower));
  return containing.length === 1 ? (containing[0]?.name ?? null) : null;
}

export interface FolderFacts {
  /** `deu_Latn`, from the folder that FineWeb-2 keeps a language in. */
  readonly language: string | null;
  /** False inside `deu_Latn_removed`, true inside `deu_Latn`; null elsewhere. */
  readonly kept: boolean | null;
}

/** From the path of a file, with forward or backward slashes. The folder nearest to the file decides. */
export function factsOfPath(path: string): FolderFacts {
  const folders = path.split(/[\\/]/).slice(0, -1).reverse();
  for (const folder of folders) {
    const found = /^([a-z]{2,3}_[A-Z][a-z]{3})(_removed)?$/.exec(folder);
    if (found) return { language: found[1] ?? null, kept: found[2] === undefined };
  }
  return { language: null, kept: null };
}
