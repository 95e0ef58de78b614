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
  /** The language by the folder that a document once lay in: counts where the document names none itself. */
  readonly folderLanguage: string | null;
  /** A column that says true for what FineWeb-2 kept. */
  readonly kept: string | null;
  /** A column that is null for what FineWeb-2 kept. */
  readonly filterReason: string | null;
  readonly tokens: string | null;
  readonly scores: readonly string[];
}

/** Columns that the studio adds to files it makes out of folders, where nothing else says it. */
export const FOLDER_LANGUAGE = 'folder_language';
export const KEPT_BY_FINEWEB2 = 'fw2_kept';

/** What was done, in words; no line when nothing was. */
export function folderColumnLines(columns: readonly string[]): readonly string[] {
  if (columns.length === 0) return [];
  const said = columns.map((column) =>
    column === KEPT_BY_FINEWEB2
      ? `what FineWeb-2 kept (column ${column})`
      : `the language (column ${column})`,
  );
  return [`Written into the file, as only the names of folders and files said it: ${said.join(', ')}`];
}

const names = {
  text: ['text', 'content', 'document', 'body'],
  id: ['id', 'document_id', 'doc_id', 'uuid'],
  language: ['language', 'lang', 'language_code'],
  script: ['language_script', 'script'],
  folderLanguage: [FOLDER_LANGUAGE],
  kept: [KEPT_BY_FINEWEB2, 'fw2_keep', 'is_kept', 'kept'],
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
    folderLanguage: find(leaves, names.folderLanguage, ['text']),
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
  /** `deu_Latn`, from the folder that FineWeb-2 keeps a language in, or from the name of the file. */
  readonly language: string | null;
  /** False inside `deu_Latn_removed`, true inside `deu_Latn`; null elsewhere. */
  readonly kept: boolean | null;
}

/** ISO 15924 codes of the scripts that corpora of the web are written in: `my_Data.parquet` names no language. */
const scripts =
  'Latn|Cyrl|Grek|Arab|Hebr|Armn|Geor|Deva|Beng|Gujr|Guru|Orya|Taml|Telu|Knda|Mlym|Sinh|Thai|Laoo|Khmr|Mymr|Tibt|' +
  'Hani|Hans|Hant|Jpan|Kore|Hang|Mong|Ethi|Thaa|Syrc|Copt|Cher|Cans|Tfng|Nkoo|Olck|Mtei|Lisu|Java|Bali';
const namedFile = new RegExp(`^([a-z]{2,3}_(?:${scripts}))(_removed)?(?![A-Za-z0-9])`);

/**
 * From the path of a file, with forward or backward slashes: its name decides, else the folder nearest to it. The name may go on
 * after the language (`deu_Latn-00003.parquet`), and does not say that FineWeb-2 kept what is inside: only that it was removed.
 */
export function factsOfPath(path: string): FolderFacts {
  const [file = '', ...folders] = path.split(/[\\/]/).reverse();
  const around = factsOfFolders(folders);
  const [, language, removed] = namedFile.exec(file) ?? [];
  if (language === undefined) return around;
  if (removed !== undefined) return { language, kept: false };
  return { language, kept: around.language === language ? around.kept : null };
}

/** The nearest first. */
function factsOfFolders(folders: readonly string[]): FolderFacts {
  for (const folder of folders) {
    const found = /^([a-z]{2,3}_[A-Z][a-z]{3})(_removed)?$/.exec(folder);
    if (found) return { language: found[1] ?? null, kept: found[2] === undefined };
  }
  return { language: null, kept: null };
}
