// Which published set a dataset is, and which of its columns plays which part: from its columns and its folders, one description a
// set. Names and types only; nothing is read. Source: the sets' own cards and files; see the columns in each description.
import {
  factsOfPath,
  leafOf,
  recogniseColumns,
  type RecognisedColumns,
} from '../quality/recognise-columns.ts';
import { findLanguage } from './language-codes.ts';

export interface RecognisableColumn {
  readonly name: string;
  readonly type: string;
  readonly numeric: boolean;
  readonly path?: readonly string[] | undefined;
}

interface SetDescription {
  readonly id: string;
  readonly name: string;
  /** Columns that must be there; `metadata.*` stands for any field of it. The set with the most of them is meant. */
  readonly columns: readonly string[];
  /** Nothing else may be there: for sets whose own columns are few and common. */
  readonly onlyThese?: boolean;
  /** Part of the path, case ignored, that must be there: for sets that their columns do not tell apart. */
  readonly folder?: RegExp;
}

const fineWeb = ['text', 'id', 'dump', 'url', 'date', 'file_path', 'language', 'language_score'];
const fineWeb2 = [...fineWeb, 'language_script', 'minhash_cluster_size', 'top_langs'];
const finePdfs = (
  'text id dump url date file_path offset token_count language page_average_lid full_doc_lid ' +
  'per_page_languages is_truncated extractor page_ends'
).split(' ');

const sets: readonly SetDescription[] = [
  { id: 'fineweb', name: 'FineWeb', columns: [...fineWeb, 'token_count'] },
  { id: 'fineweb-edu', name: 'FineWeb-Edu', columns: [...fineWeb, 'token_count', 'score', 'int_score'] },
  {
    id: 'fineweb-edu-fortified',
    name: 'FineWeb-Edu fortified',
    columns: [...fineWeb, 'token_count', 'score', 'int_score', 'embedding', 'count'],
  },
  {
    id: 'fineweb-edu-llama3-annotations',
    name: 'FineWeb-Edu Llama 3 annotations',
    columns: ['text', 'metadata.dump', 'metadata.token_count', 'metadata.url', 'prompt', 'score'],
  },
  { id: 'fineweb-2', name: 'FineWeb-2', columns: fineWeb2 },
  { id: 'fineweb2-hq', name: 'FineWeb2-HQ', columns: [...fineWeb2, 'quality_score'] },
  { id: 'finepdfs', name: 'FinePDFs', columns: finePdfs },
  { id: 'finepdfs-edu', name: 'FinePDFs-Edu', columns: [...finePdfs, 'fw_edu_scores'] },
  {
    id: 'starcoderdata',
    name: 'StarCoder data',
    columns: ['max_stars_repo_path', 'max_stars_repo_name', 'max_stars_count', 'id', 'content'],
  },
  {
    id: 'fineweb-c',
    name: 'FineWeb-C',
    columns: ['text', 'id', 'educational_value_labels', 'annotator_ids'],
  },
  {
    id: 'jql-human',
    name: 'JQL human ratings',
    columns: ['text', 'score', 'metadata.language', 'metadata.*'],
    onlyThese: true,
  },
  { id: 'jql-llm', name: 'JQL LLM ratings', columns: ['text', 'language', 'edu_score.*'] },
  // What its columns are called is not published; a folder of that name with ids and scores is one.
  { id: 'jql-scores', name: 'JQL scores', columns: ['id'], folder: /(fw2|hplt2)_edu_scores/i },
  { id: 'datatrove', name: 'datatrove output', columns: ['text', 'id', 'metadata.*'], onlyThese: true },
];
/** Not counted against `onlyThese`: datatrove writes it when there are pictures. */
const tolerated = new Set(['media']);

export type ColumnRole =
  | 'text'
  | 'id'
  | 'language'
  | 'script'
  | 'kept'
  | 'filter-reason'
  | 'tokens'
  | 'url'
  | 'dump'
  | 'score';

export interface Recognised {
  /** Null when it is none of the known sets. */
  readonly set: string | null;
  /** "FineWeb-2, removed · ita_Latn"; null when nothing is known. */
  readonly title: string | null;
  /** FineWeb-2's code of the one language of all files, from their folder; null otherwise. */
  readonly language: string | null;
  readonly languageName: string | null;
  /** Columns in the order of their parts. */
  readonly roles: readonly { readonly role: ColumnRole; readonly column: string }[];
  /** What says whether FineWeb-2 kept a document, in words; null when nothing does. */
  readonly keptFrom: string | null;
}

/** `paths` are those of the files, as far as they are known; forward or backward slashes. */
export function recognise(columns: readonly RecognisableColumn[], paths: readonly string[]): Recognised {
  const found = recogniseColumns(columns.map(leafOf));
  const set = setOf(columns, paths);
  const facts = paths.map(factsOfPath);
  const languages = new Set(facts.map(({ language }) => language));
  const [only = null] = languages;
  const language = languages.size === 1 ? only : null;
  const names = [set === null ? null : [set.name, variantOf(set, found, paths)].filter(Boolean).join(', ')];
  const places = language ?? (languages.size > 1 ? `${languages.size} languages` : null);
  const title = [...names, set === null ? null : places].filter(Boolean).join(' · ');
  return {
    set: set?.id ?? null,
    title: title === '' ? null : title,
    language,
    languageName: language === null ? null : (findLanguage(language)?.name ?? null),
    roles: rolesOf(columns, found),
    keptFrom: keptFrom(
      found,
      facts.map(({ kept }) => kept),
    ),
  };
}

function setOf(columns: readonly RecognisableColumn[], paths: readonly string[]): SetDescription | null {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  const parents = new Set(columns.map(({ path, name }) => (path?.[0] ?? name).toLowerCase()));
  const nested = new Set(
    columns.flatMap(({ path }) => (path && path.length > 1 ? [path[0]?.toLowerCase()] : [])),
  );
  const has = (wanted: string): boolean =>
    wanted.endsWith('.*') ? nested.has(wanted.slice(0, -2)) : names.has(wanted);
  const fitting = sets.filter(({ columns: wanted, onlyThese, folder }) => {
    if (!wanted.every(has)) return false;
    if (folder && !paths.some((path) => folder.test(path))) return false;
    const own = new Set(wanted.map((name) => name.split('.')[0] ?? ''));
    return onlyThese !== true || [...parents].every((name) => own.has(name) || tolerated.has(name));
  });
  return fitting.reduce<SetDescription | null>(
    (best, candidate) => (best && best.columns.length >= candidate.columns.length ? best : candidate),
    null,
  );
}

/** FineWeb-2's parts: what it removed, and its train and test splits. */
function variantOf(
  set: SetDescription,
  found: RecognisedColumns,
  paths: readonly string[],
): 'removed' | 'train' | 'test' | 'kept and removed' | null {
  if (set.id !== 'fineweb-2') return null;
  const parts = new Set(
    paths.map((path) => {
      if (factsOfPath(path).kept === false) return 'removed';
      const split = /[\\/](train|test)[\\/][^\\/]+$/.exec(path)?.[1];
      return split === 'train' || split === 'test' ? split : null;
    }),
  );
  const [part = null] = parts;
  // Beside a column that says what was kept, reasons are those of the rest.
  const ofColumns = found.filterReason === null ? null : found.kept === null ? 'removed' : 'kept and removed';
  if (parts.size === 1) return part ?? ofColumns;
  return parts.has('removed') ? 'kept and removed' : null;
}

function rolesOf(columns: readonly RecognisableColumn[], found: RecognisedColumns): Recognised['roles'] {
  const named = (wanted: string): string | null =>
    columns.find(({ name, path }) => (path?.at(-1) ?? name).toLowerCase() === wanted)?.name ?? null;
  const roles: readonly (readonly [ColumnRole, string | null])[] = [
    ['text', found.text],
    ['id', found.id],
    ['language', found.language],
    ['script', found.script],
    ['kept', found.kept],
    ['filter-reason', found.filterReason],
    ['tokens', found.tokens],
    ['url', named('url')],
    ['dump', named('dump')],
    ...found.scores.map((column) => ['score', column] as const),
  ];
  return roles.flatMap(([role, column]) => (column === null ? [] : [{ role, column }]));
}

function keptFrom(found: RecognisedColumns, folders: readonly (boolean | null)[]): string | null {
  if (found.kept !== null) return `column ${found.kept}`;
  if (folders.some((kept) => kept !== null)) return 'folder name (_removed)';
  return found.filterReason === null ? null : `column ${found.filterReason} is empty`;
}
