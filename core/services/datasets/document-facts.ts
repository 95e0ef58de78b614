// What a document's own columns and the folder of its file say about its language and about what FineWeb-2 kept, as SQL; and the
// columns that a new file needs so that it still says what only the folders did.
import {
  FOLDER_LANGUAGE,
  type FolderFacts,
  KEPT_BY_FINEWEB2,
  type RecognisedColumns,
} from '../../lib/quality/recognise-columns.ts';
import { sqlText } from './sql.ts';

/** Documents that name no language and lie in no language's folder. */
export const NO_LANGUAGE = 'und';

/** Expressions of one file; null where it has no such column. */
export interface LanguageColumns {
  readonly language: string | null;
  readonly script: string | null;
  /** What an earlier file's folder said, in a file that was made of several. */
  readonly folderLanguage: string | null;
}

/** Never NULL. `folder` is what the folder of the file says. */
export function languageExpression(columns: LanguageColumns, folder: string | null): string {
  const { language, script, folderLanguage } = columns;
  const last = sqlText(folder ?? NO_LANGUAGE);
  const named = folderLanguage === null ? null : `nullif(trim(${folderLanguage}::VARCHAR), '')`;
  const otherwise = named === null ? last : `coalesce(${named}, ${last})`;
  if (language === null) return otherwise;
  const own = `nullif(trim(${language}::VARCHAR), '')`;
  if (script === null) return `coalesce(${own}, ${otherwise})`;
  // Some sets write `deu_Latn` into the language column itself.
  const joined = `CASE WHEN contains(${own}, '_') OR nullif(trim(${script}::VARCHAR), '') IS NULL THEN ${own}
    ELSE ${own} || '_' || trim(${script}::VARCHAR) END`;
  return `coalesce(${joined}, ${otherwise})`;
}

export interface KeptColumns {
  readonly kept: string | null;
  readonly filterReason: string | null;
}

/** BOOLEAN; NULL where nothing says it. `marked`: some documents of the corpus are known to be removed. */
export function keptExpression(columns: KeptColumns, folder: boolean | null, marked: boolean): string {
  const { kept, filterReason } = columns;
  if (kept !== null) return `TRY_CAST(${kept} AS BOOLEAN)`;
  if (folder === false) return 'false';
  if (filterReason !== null) return `(nullif(${filterReason}::VARCHAR, '') IS NULL)`;
  return folder === true || marked ? 'true' : 'NULL::BOOLEAN';
}

export interface PlacedFile {
  readonly found: Pick<RecognisedColumns, 'language' | 'folderLanguage' | 'kept'>;
  readonly folder: FolderFacts;
}

/** Names of the columns that a file made of all these needs; null for what its own columns say already. */
export interface FolderColumns {
  readonly language: string | null;
  readonly kept: string | null;
}

/** `taken`: the columns there are, of any kind. */
export function folderColumns(files: readonly PlacedFile[], taken: readonly string[]): FolderColumns {
  const names = new Set(taken.map((name) => name.toLowerCase()));
  const named = files.filter(({ found }) => found.language !== null || found.folderLanguage !== null);
  const wanted = named.length === 0 ? ['language', FOLDER_LANGUAGE] : [FOLDER_LANGUAGE];
  const isLost =
    files.some(({ folder }) => folder.language !== null) &&
    named.length < files.length &&
    files.every(({ found }) => found.folderLanguage === null);
  const keptIsLost =
    files.some(({ folder }) => folder.kept !== null) && files.every(({ found }) => found.kept === null);
  return {
    language: (isLost ? wanted.find((name) => !names.has(name)) : undefined) ?? null,
    kept: keptIsLost && !names.has(KEPT_BY_FINEWEB2) ? KEPT_BY_FINEWEB2 : null,
  };
}

/** The added columns in the order in which they are written. */
export function folderColumnNames({ language, kept }: FolderColumns): readonly string[] {
  return [language, kept].filter((name) => name !== null);
}
