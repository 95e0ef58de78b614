// How one file of a corpus is read into the score table: SQL expressions for language, kept flag, tokens, reason and scores.
// The same expressions decide when a recipe is applied, so that a table and an export cannot disagree.
import {
  factsOfPath,
  findHeadColumn,
  recogniseColumns,
  type RecognisedColumns,
} from '../../lib/quality/recognise-columns.ts';
import { StudioError } from '../../api/errors.ts';
import type { QualityDescription } from '../../api/quality.ts';
import type { CorpusTokens } from '../../api/quality-corpus.ts';
import { type DatasetSource, relation, ROW_NUMBER } from '../datasets/source.ts';
import { sqlFile, sqlName } from '../datasets/sql.ts';
import type { SqlLeaf } from '../datasets/leaves.ts';
import {
  type FolderColumns,
  folderColumns,
  keptExpression,
  languageExpression,
} from '../datasets/document-facts.ts';

/** What a token is when nothing counts them; measured on no tokenizer, so it is always marked. */
const CHARACTERS_PER_TOKEN = 4;

export interface CorpusFile {
  readonly source: DatasetSource;
  readonly leaves: readonly SqlLeaf[];
}

/** What the files together say; each file is read with its own columns. */
export interface CorpusFacts {
  readonly languageSource: string;
  readonly keptSource: string | null;
  /** What a file made of these documents needs so that they stay what their folders say. */
  readonly folderColumns: FolderColumns;
  readonly filterReasonColumn: string | null;
  readonly textColumn: string | null;
  readonly idColumn: string | null;
  readonly tokens: QualityDescription['tokens'];
}

export interface FilePlan {
  readonly source: DatasetSource;
  readonly language: string;
  readonly kept: string;
  /** What the folder of the file says, whatever its documents do. */
  readonly folderLanguage: string | null;
  readonly reason: string;
  readonly tokens: string;
  /** Parquet file of counts that `tokens` reads; null when it needs none. */
  readonly counts: string | null;
  readonly id: string;
  readonly text: string;
  /** One expression a head, NULL where the file has no such column. DOUBLE or FLOAT, NaN turned into NULL. */
  readonly scores: readonly string[];
  /** Heads whose expression gives nothing a half-size float does not hold. */
  readonly halves: readonly boolean[];
}

/** A score as a double, or as the float it is, with NaN (which SQL takes for the largest number) as missing. */
export function scoreExpression(expression: string, type?: string): string {
  const value = type === 'FLOAT' ? expression : `TRY_CAST(${expression} AS DOUBLE)`;
  return `CASE WHEN isnan(${value}) THEN NULL ELSE ${value} END`;
}

/** Stands beside the columns of a dataset, so it must not be the name of one. */
const COUNTED = 'tokens counted by the studio';

/** The rows of a file with the counts that its `tokens` needs, in no order. */
export function planRelation({ source, counts }: FilePlan): string {
  if (counts === null) return relation(source);
  return `(SELECT d.*, c.tokens AS ${sqlName(COUNTED)} FROM ${relation(source)} d
    LEFT JOIN read_parquet(${sqlFile(counts)}) c ON c.row = d.${ROW_NUMBER})`;
}

/** The plan with tokens from a file of counts. */
export function withCounts(plan: FilePlan, counts: string): FilePlan {
  return { ...plan, counts, tokens: sqlName(COUNTED) };
}

/** With `tokens` by a tokenizer, the counts are still to be given to each plan. */
export function planCorpus(
  files: readonly CorpusFile[],
  headColumns: readonly string[],
  wanted: CorpusTokens['kind'],
): { readonly facts: CorpusFacts; readonly plans: readonly FilePlan[] } {
  const known = files.map((file) => ({
    ...file,
    found: recogniseColumns(file.leaves),
    folder: factsOfPath(file.source.path),
  }));
  const first = <K extends keyof (typeof known)[number]['found']>(key: K) =>
    known.map(({ found }) => found[key]).find((value) => value !== null) ?? null;
  const reason = first('filterReason');
  // Beside documents that carry a reason, a file without that column is one that was kept.
  const marked = reason !== null || known.some(({ folder }) => folder.kept === false);
  const withTokens = known.every(({ found }) => found.tokens !== null);
  const withText = known.every(({ found }) => found.text !== null);
  const tokens = tokenFacts(wanted, { column: withTokens ? first('tokens') : null, withText }, files);
  const expressionOf = (leaves: readonly SqlLeaf[], name: string | null): string | null =>
    name === null ? null : (leaves.find((leaf) => leaf.name === name)?.expression ?? null);

  const plans = known.map(({ source, leaves, found, folder }): FilePlan => {
    const text = expressionOf(leaves, found.text);
    const tokenColumn = expressionOf(leaves, found.tokens);
    const ownReason = expressionOf(leaves, found.filterReason);
    const keptColumn = expressionOf(leaves, found.kept);
    const counted =
      tokens.kind === 'column'
        ? tokenColumn
        : tokens.kind === 'estimated'
          ? `ceil(length(${text}) / ${CHARACTERS_PER_TOKEN}.0)`
          : null;
    return {
      source,
      language: languageExpression(
        {
          language: expressionOf(leaves, found.language),
          script: expressionOf(leaves, found.script),
          folderLanguage: expressionOf(leaves, found.folderLanguage),
        },
        folder.language,
      ),
      kept: keptExpression({ kept: keptColumn, filterReason: ownReason }, folder.kept, marked),
      folderLanguage: folder.language,
      reason: ownReason === null ? 'NULL::VARCHAR' : `nullif(${ownReason}::VARCHAR, '')`,
      tokens:
        counted === null
          ? 'NULL::UINTEGER'
          : `CASE WHEN ${counted} < 0 THEN NULL ELSE TRY_CAST(${counted} AS UINTEGER) END`,
      counts: null,
      id: `${expressionOf(leaves, found.id) ?? 'NULL'}::VARCHAR`,
      text: text ?? 'NULL::VARCHAR',
      scores: headColumns.map((column) => {
        const leaf = leaves.find(({ name }) => name === column);
        return leaf === undefined ? 'NULL::FLOAT' : scoreExpression(leaf.expression, leaf.type);
      }),
      halves: headColumns.map((column) =>
        leaves.every(({ name, type }) => name !== column || type === 'FLOAT'),
      ),
    };
  });
  const facts: CorpusFacts = {
    languageSource: languageSource(known[0]?.found, known[0]?.folder.language ?? null),
    folderColumns: folderColumns(
      known,
      known.flatMap(({ source }) => source.columns.map(({ name }) => name)),
    ),
    keptSource: keptSource(
      first('kept'),
      reason,
      known.some(({ folder }) => folder.kept !== null),
    ),
    filterReasonColumn: reason,
    textColumn: first('text'),
    idColumn: first('id'),
    tokens,
  };
  return { facts, plans };
}

/** Throws INVALID_INPUT when what is wanted is not there. */
function tokenFacts(
  wanted: CorpusTokens['kind'],
  { column, withText }: { readonly column: string | null; readonly withText: boolean },
  files: readonly CorpusFile[],
): CorpusFacts['tokens'] {
  const refuse = (message: string, hint: string): StudioError =>
    new StudioError('INVALID_INPUT', message, {
      hint,
      ...(files[0] === undefined ? {} : { path: files[0].source.path }),
    });
  const rest = { column, tokenizer: null };
  if (wanted === 'column' && column === null) {
    throw refuse(
      'Not every file has a column of token counts',
      'Count with a tokenizer, or use the estimate',
    );
  }
  if (column !== null && (wanted === 'column' || wanted === 'found')) {
    return { kind: 'column', label: `column ${column}, tokenizer as counted by its maker`, ...rest };
  }
  if (!withText) {
    if (wanted !== 'found') {
      throw refuse(
        'Not every file has a text to count tokens in',
        'Use the column of token counts, if there is one',
      );
    }
    return { kind: 'none', label: 'not counted: there is no token column and no text', ...rest };
  }
  if (wanted === 'tokenizer') return { kind: 'tokenizer', label: 'counted with a tokenizer', ...rest };
  return {
    kind: 'estimated',
    label: `estimate: characters divided by ${CHARACTERS_PER_TOKEN}, no tokenizer`,
    ...rest,
  };
}

function languageSource(found: RecognisedColumns | undefined, folder: string | null): string {
  if (found && found.language !== null) {
    return found.script === null ? found.language : `${found.language} + ${found.script}`;
  }
  if (found && found.folderLanguage !== null) return found.folderLanguage;
  return folder === null ? 'none' : 'folder name';
}

function keptSource(kept: string | null, reason: string | null, folder: boolean): string | null {
  if (kept !== null) return `column ${kept}`;
  if (folder) return 'folder name (_removed)';
  return reason === null ? null : `column ${reason} is empty`;
}

/** Every score column of any file, in the order of their first appearance. */
export function scoreColumnsOf(files: readonly CorpusFile[]): readonly string[] {
  return [...new Set(files.flatMap(({ leaves }) => recogniseColumns(leaves).scores))];
}

/** The column for a head somebody named, looked for in every file; null when no file has one. */
export function headColumnOf(files: readonly CorpusFile[], head: string): string | null {
  for (const { leaves } of files) {
    const column = findHeadColumn(head, leaves);
    if (column !== null) return column;
  }
  return null;
}
