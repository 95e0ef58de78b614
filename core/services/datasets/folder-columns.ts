// The columns of a new file that hold what the folders of its source said: one file is made of many, and lies elsewhere.
import {
  factsOfPath,
  recogniseColumns,
  type RecognisedColumns,
} from '../../lib/quality/recognise-columns.ts';
import { type FolderColumns, folderColumns, keptExpression, type PlacedFile } from './document-facts.ts';
import { leavesOf } from './leaves.ts';
import { type DatasetSource, ROW_NUMBER, type SourceFile } from './source.ts';
import { sqlName, sqlText } from './sql.ts';

export function folderColumnsOf(source: DatasetSource): FolderColumns {
  return folderColumns(
    placedFiles(source),
    source.columns.map(({ name }) => name),
  );
}

/** Over the relation of the dataset under `alias`; empty where the columns of the files say it all. */
export function folderColumnsSql(source: DatasetSource, alias: string): readonly string[] {
  const { language, kept } = folderColumnsOf(source);
  const placed = placedFiles(source);
  const found = recogniseColumns(leavesOf(source));
  const filterReason = found.filterReason === null ? null : `${alias}.${sqlName(found.filterReason)}`;
  const marked = filterReason !== null || placed.some(({ folder }) => folder.kept === false);
  const byFile = (valueOf: (file: PlacedFile) => string): string =>
    byRows(
      source.files,
      placed.map((file) => valueOf(file)),
      `${alias}.${ROW_NUMBER}`,
    );
  const added: string[] = [];
  if (language !== null) {
    const value = byFile(({ folder }) => (folder.language === null ? 'NULL' : sqlText(folder.language)));
    added.push(`${value}::VARCHAR AS ${sqlName(language)}`);
  }
  if (kept !== null) {
    const value = byFile(({ folder }) => keptExpression({ kept: null, filterReason }, folder.kept, marked));
    added.push(`${value} AS ${sqlName(kept)}`);
  }
  return added;
}

function placedFiles(source: DatasetSource): readonly PlacedFile[] {
  const found = recogniseColumns(leavesOf(source));
  return source.files.map((file) => {
    const own = (name: string | null): string | null => (hasColumn(source, file, name) ? name : null);
    const { language, folderLanguage, kept } = found;
    const ownColumns: PlacedFile['found'] = {
      language: own(language),
      folderLanguage: own(folderLanguage),
      kept: own(kept),
    } satisfies Partial<RecognisedColumns>;
    return { found: ownColumns, folder: factsOfPath(file.path) };
  });
}

/** Of a column of the dataset that a file does not have, it has nothing but NULL. */
function hasColumn(source: DatasetSource, file: SourceFile, name: string | null): boolean {
  const place = source.columns.findIndex((column) => column.name === name);
  return place >= 0 && !file.expressions[place]?.startsWith('NULL::');
}

/** A value a file; neighbours with the same one are told apart from the rest by where their rows end. */
function byRows(files: readonly SourceFile[], values: readonly string[], row: string): string {
  const cases: string[] = [];
  for (const [index, { firstRow, rows }] of files.entries()) {
    if (index + 1 < files.length && values[index + 1] === values[index]) continue;
    cases.push(`WHEN ${row} < ${firstRow + rows} THEN ${values[index] ?? 'NULL'}`);
  }
  return `(CASE ${cases.join(' ')} END)`;
}
