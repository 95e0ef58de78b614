// Applies a recipe to documents: streams those it keeps into one new file, whole or not at all, with the recipe beside it.
// Reads the scores of the documents themselves, never a score table, so it works on files the thresholds did not come from.
import { rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ApplyEvent } from '../../api/quality.ts';
import type { CorpusTokens } from '../../api/quality-corpus.ts';
import { asidePath } from '../files/aside-path.ts';
import { makeFolder } from '../files/make-folder.ts';
import { StudioError } from '../../api/errors.ts';
import type { Recipe } from '../../lib/quality/recipe.ts';
import { ORIGIN_KEY, type ScoreOrigin } from '../../lib/quality/score-card.ts';
import { type FolderColumns, folderColumnNames } from '../datasets/document-facts.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { finiteColumns, relation, storedColumns } from '../datasets/source.ts';
import { sqlFile, sqlName, sqlText } from '../datasets/sql.ts';
import type { RowProgress } from '../progress-events.ts';
import { openCorpusFiles, planTokens } from './corpus.ts';
import type { TokenCounter } from './count-corpus-tokens.ts';
import { type CorpusFile, type CorpusFacts, type FilePlan, headColumnOf, planRelation } from './file-plan.ts';
import { passSql, thresholdsByLanguage } from './keep-sql.ts';
import { originOfKept, requireRecipeOrigins } from './origins.ts';
import { recipeText } from './recipe-files.ts';
import { readScoredColumns } from '../scoring/score-cards.ts';
import { explainOutput, finishOutput, requireFree, requireOther } from '../files/whole-output.ts';

/** Counting reads no text; writing does. Shares of the whole, from 200,000 documents of 600 characters. */
const COUNT_SHARE = 0.1;

const outputs: readonly { readonly ending: string; readonly options: string; readonly json: boolean }[] = [
  { ending: '.parquet', options: 'FORMAT parquet, COMPRESSION zstd', json: false },
  { ending: '.jsonl', options: 'FORMAT json', json: true },
  { ending: '.jsonl.gz', options: 'FORMAT json, COMPRESSION gzip', json: true },
  { ending: '.jsonl.zst', options: 'FORMAT json, COMPRESSION zstd', json: true },
];

export interface ApplyRequest {
  readonly recipe: Recipe;
  /** Absolute; folders stand for the data files below them. */
  readonly paths: readonly string[];
  /** What the files offer, unless said otherwise. A tokenizer's path is absolute. */
  readonly tokens?: CorpusTokens | undefined;
  /** Absolute; its ending decides about the format. */
  readonly output: string;
  readonly overwrite: boolean;
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
  readonly counter: TokenCounter;
  readonly nameOf: (path: string) => string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RowProgress) => void) | undefined;
}

export type Applied = Omit<Extract<ApplyEvent, { kind: 'done' }>, 'kind'>;

/** `<output>.recipe.json`: who finds the documents finds how they were chosen. */
export function recipePathOf(output: string): string {
  return `${output}.recipe.json`;
}

/** Throws StudioError; a failure at any moment leaves the old output, if there was one, and nothing else. */
export async function applyRecipe(request: ApplyRequest): Promise<Applied> {
  const { output, engine, library, signal, recipe, overwrite } = request;
  const format = outputs.find(({ ending }) => output.toLowerCase().endsWith(ending));
  if (!format) {
    throw new StudioError('INVALID_INPUT', `${basename(output)} has no ending that says how to write it`, {
      hint: `End the name with ${outputs.map(({ ending }) => ending).join(', ')}`,
      path: output,
    });
  }
  if (!overwrite) await requireFree(output);
  const files = await openCorpusFiles(request.paths, library, signal);
  for (const { source } of files) {
    for (const file of source.files) await requireOther(file.path, output);
  }
  const columns = recipe.heads.map((head) => requireColumnFor(files, head));
  const sources = files.map(({ source }) => source);
  const scored = await readScoredColumns(sources, { engine, signal });
  requireRecipeOrigins(recipe, columns, { files, scored });
  const { plans, facts } = await planTokens({ ...request, files, headColumns: columns });
  const aside = asidePath(output);
  const recipePath = recipePathOf(output);
  try {
    await makeFolder(dirname(output));
    const counted = await countKept(request, plans);
    const origin = format.json ? null : originOfKept({ files, scored }, facts.textColumn);
    await writeKept(request, plans, { aside, format, origin, added: facts.folderColumns });
    if (!format.json) await requireRows(engine, aside, counted.keptDocuments, output);
    const { size } = await stat(aside);
    await finishOutput({ aside, output, card: { path: recipePath, text: recipeText(recipe) } });
    return {
      output: request.nameOf(output),
      recipePath: request.nameOf(recipePath),
      documents: counted.documents,
      keptDocuments: counted.keptDocuments,
      tokens: facts.tokens.kind === 'none' ? null : counted.tokens,
      keptTokens: facts.tokens.kind === 'none' ? null : counted.keptTokens,
      tokenLabel: facts.tokens.label,
      folderColumns: [...folderColumnNames(facts.folderColumns)],
      sizeBytes: size,
      warnings: warningsOf(recipe, facts, counted),
    };
  } catch (error) {
    await rm(aside, { force: true });
    throw explainWrite(error, output);
  }
}

function requireColumnFor(
  files: readonly CorpusFile[],
  head: { readonly name: string; readonly column: string },
): string {
  const column = headColumnOf(files, head.column) ?? headColumnOf(files, head.name);
  if (column !== null) return column;
  throw new StudioError('INVALID_INPUT', `No file has the column ${head.column} that the recipe judges by`, {
    hint: 'Score these documents with the same heads first',
    ...(files[0] === undefined ? {} : { path: files[0].source.path }),
  });
}

interface Kept {
  readonly documents: number;
  readonly keptDocuments: number;
  readonly tokens: number;
  readonly keptTokens: number;
  /** Documents in languages the recipe has no thresholds for. */
  readonly unknownLanguage: number;
}

function keepCondition(recipe: Recipe, plan: FilePlan): string {
  return passSql(recipe, plan.scores, thresholdsByLanguage(recipe, `(${plan.language})`));
}

async function countKept(request: ApplyRequest, plans: readonly FilePlan[]): Promise<Kept> {
  const { engine, recipe, signal, onProgress } = request;
  const names = Object.keys(recipe.thresholds).map(sqlText);
  const totalRows = plans.reduce((sum, { source }) => sum + source.info.rows, 0);
  const results = await engine.query({
    path: plans[0]?.source.path ?? '',
    signal,
    statements: plans.map((plan) => {
      const known = names.length === 0 ? 'false' : `language IN (${names.join(', ')})`;
      return `SELECT count(*), count(*) FILTER (keep), coalesce(sum(tokens), 0)::DOUBLE,
          coalesce(sum(tokens) FILTER (keep), 0)::DOUBLE, count(*) FILTER (NOT ${known})
        FROM (SELECT ${plan.language} AS language, ${plan.tokens} AS tokens, ${keepCondition(recipe, plan)} AS keep
          FROM ${planRelation(plan)})`;
    }),
    onProgress: (statement, percent) => {
      const share = (statement + percent / 100) / Math.max(1, plans.length);
      onProgress?.({ doneRows: Math.round(totalRows * share * COUNT_SHARE), totalRows });
    },
  });
  const sum = (column: number): number =>
    results.reduce((total, result) => total + Number(result.columns[column]?.[0] ?? 0), 0);
  return {
    documents: sum(0),
    keptDocuments: sum(1),
    tokens: sum(2),
    keptTokens: sum(3),
    unknownLanguage: sum(4),
  };
}

async function writeKept(
  request: ApplyRequest,
  plans: readonly FilePlan[],
  target: {
    readonly aside: string;
    readonly format: { readonly options: string; readonly json: boolean };
    /** Goes along in the file. */
    readonly origin: ScoreOrigin | null;
    readonly added: FolderColumns;
  },
): Promise<void> {
  const { engine, recipe, signal, onProgress } = request;
  const totalRows = plans.reduce((sum, { source }) => sum + source.info.rows, 0);
  const parts = plans.map((plan) => {
    const columns = target.format.json ? finiteColumns(plan.source) : storedColumns(plan.source);
    return `(SELECT ${[columns, ...addedColumns(plan, target.added)].join(', ')} FROM ${relation(plan.source)} WHERE ${keepCondition(recipe, plan)})`;
  });
  const { origin } = target;
  const metadata = origin === null ? '' : `, KV_METADATA {${ORIGIN_KEY}: ${sqlText(JSON.stringify(origin))}}`;
  await engine.query({
    path: request.output,
    signal,
    statements: [
      `COPY (${parts.join(' UNION ALL BY NAME ')}) TO ${sqlText(target.aside)}
       (${target.format.options}, USE_TMP_FILE false${metadata})`,
    ],
    onProgress: (_, percent) => {
      const share = COUNT_SHARE + (1 - COUNT_SHARE) * (percent / 100);
      onProgress?.({ doneRows: Math.round(totalRows * share), totalRows });
    },
  });
}

/** What only the folders said: the documents of all of them go into one file. */
function addedColumns(plan: FilePlan, { language, kept }: FolderColumns): readonly string[] {
  const folder = plan.folderLanguage === null ? 'NULL' : sqlText(plan.folderLanguage);
  return [
    ...(language === null ? [] : [`${folder}::VARCHAR AS ${sqlName(language)}`]),
    ...(kept === null ? [] : [`${plan.kept} AS ${sqlName(kept)}`]),
  ];
}

/** Counting and writing read the files twice: between the two they must not have changed. */
async function requireRows(
  engine: DatasetEngine,
  path: string,
  wanted: number,
  output: string,
): Promise<void> {
  const [counted] = await engine.query({
    path: output,
    statements: [`SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata(${sqlFile(path)})`],
  });
  if (Number(counted?.columns[0]?.[0]) === wanted) return;
  throw new StudioError('CONFLICT', 'A file changed while it was filtered', {
    hint: 'Wait until the files are complete and try again',
    path: output,
  });
}

function warningsOf(recipe: Recipe, facts: CorpusFacts, counted: Kept): string[] {
  const warnings: string[] = [];
  if (counted.unknownLanguage > 0) {
    warnings.push(
      `${counted.unknownLanguage.toLocaleString('en')} documents are in languages the recipe has no thresholds for: none is kept`,
    );
  }
  if (recipe.source.tokens !== facts.tokens.label) {
    warnings.push(
      `Tokens count differently than in the recipe (${facts.tokens.label}; ${recipe.source.tokens})`,
    );
  }
  return warnings;
}

function explainWrite(error: unknown, output: string): unknown {
  const detail = error instanceof StudioError ? error.data.detail : undefined;
  if (detail !== undefined && /^(Binder|Conversion) Error/.test(detail)) {
    return new StudioError(
      'INVALID_INPUT',
      'The files cannot be joined: a column has different types in them',
      {
        hint: 'Apply the recipe to each file alone',
        path: output,
        detail,
        cause: error,
      },
    );
  }
  return explainOutput(error, output);
}
