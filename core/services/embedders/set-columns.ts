// Which columns of a data set an embedding set is made of, which rows can be used, and the languages among them.
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { recogniseColumns } from '../../lib/quality/recognise-columns.ts';
import { type DatasetEngine, queryOne } from '../datasets/engine.ts';
import { type DatasetSource, relation, requireStoredText } from '../datasets/source.ts';
import { leavesOf, type SqlLeaf } from '../datasets/leaves.ts';

const MAX_LANGUAGES = 65_535;

/** As a person named them; null looks for the usual ones. */
export interface WantedColumns {
  readonly labelColumn: string;
  readonly textColumn: string | null;
  readonly idColumn: string | null;
  readonly languageColumn: string | null;
}

export interface SetColumns {
  readonly text: SqlLeaf;
  readonly label: SqlLeaf;
  readonly id: SqlLeaf | null;
  readonly language: SqlLeaf | null;
}

/** Throws INVALID_INPUT that names the columns there are. */
export function findColumns(source: DatasetSource, request: WantedColumns): SetColumns {
  const leaves = leavesOf(source);
  const known = recogniseColumns(leaves);
  const find = (name: string | null): SqlLeaf | null =>
    name === null ? null : (leaves.find((leaf) => leaf.name === name) ?? null);
  const required = (name: string | null, what: string, kind: SqlLeaf['kind']): SqlLeaf => {
    const leaf = find(name);
    if (leaf !== null && leaf.kind === kind) return leaf;
    const problem =
      name === null
        ? `${basename(source.path)} has no column that looks like the ${what}`
        : `${name} is not a column with ${kind === 'text' ? 'text' : 'numbers'} in ${basename(source.path)}`;
    throw new StudioError('INVALID_INPUT', problem, {
      hint: `The columns are: ${leaves
        .slice(0, 20)
        .map((leaf) => leaf.name)
        .join(', ')}`,
      path: source.path,
    });
  };
  const optional = (wanted: string | null, guess: string | null): SqlLeaf | null => {
    const leaf = find(wanted ?? guess);
    if (wanted !== null && leaf === null) required(wanted, wanted, 'text');
    return leaf;
  };
  const text = required(request.textColumn ?? source.info.textColumn ?? known.text, 'text', 'text');
  requireStoredText(source, text.name);
  return {
    text,
    label: required(request.labelColumn, 'label', 'number'),
    id: optional(request.idColumn, known.id),
    language: withScript(optional(request.languageColumn, known.language), find(known.script)),
  };
}

/** FineWeb-2 keeps `deu` and `Latn` apart; everyone calls the language deu_Latn. */
function withScript(language: SqlLeaf | null, script: SqlLeaf | null): SqlLeaf | null {
  if (!language || !script) return language;
  return {
    ...language,
    expression: `(${language.expression})::VARCHAR || '_' || (${script.expression})::VARCHAR`,
  };
}

/** Rows with a text and a finite label. */
export function usableSql({ text, label }: SetColumns): string {
  const number = `(${label.expression})::DOUBLE`;
  return `trim(coalesce(${text.expression}, '')) <> '' AND isfinite(${number}) AND abs(${number}) < 3.4e38`;
}

/** Their order is that of the numbers in the set. */
export async function readLanguages(
  { engine, signal }: { readonly engine: DatasetEngine; readonly signal?: AbortSignal | undefined },
  source: DatasetSource,
  columns: SetColumns,
): Promise<readonly string[]> {
  if (!columns.language) return [''];
  const result = await queryOne(engine, {
    path: source.path,
    signal,
    statements: [
      `SELECT DISTINCT coalesce((${columns.language.expression})::VARCHAR, '') AS language FROM ${relation(source)}
         WHERE ${usableSql(columns)} ORDER BY language LIMIT ${MAX_LANGUAGES + 1}`,
    ],
  });
  const languages = (result.columns[0] ?? []).map(String);
  if (languages.length <= MAX_LANGUAGES) return languages;
  throw new StudioError(
    'INVALID_INPUT',
    `${columns.language.name} holds more than ${MAX_LANGUAGES} languages`,
    {
      hint: 'Choose the column with the language of the documents',
      path: source.path,
    },
  );
}
