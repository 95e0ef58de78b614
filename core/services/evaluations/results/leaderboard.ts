// All results of the workspace as one table for a window: columns by what was asked, rows by who was measured.
import type { Leaderboard, LeaderboardCell, LeaderboardRow } from '../../../api/evaluations.ts';
import {
  columnHash,
  comparabilityKey,
  differencesOf,
  settingsOf,
  shortDifferences,
} from '../../../lib/evaluations/comparability.ts';
import { referenceModels } from '../../../lib/evaluations/reference-models.ts';
import { referenceRowResults } from '../../../lib/evaluations/reference-results.ts';
import type { ReferenceTable } from '../../../lib/evaluations/reference.ts';
import { grouped } from '../../../lib/evaluations/grouped.ts';
import { type ColumnOptions, resultColumns } from '../../../lib/evaluations/result-columns.ts';
import { newestFirst } from '../../../lib/evaluations/result-table.ts';
import type { EvaluatedModel } from '../../../api/evaluations.ts';
import type { EvaluationResult, ReadingProblem } from '../../../lib/evaluations/result.ts';
import type { FoundResult } from './read-files.ts';
import type { ResultsIndex } from './results-index.ts';

export interface LeaderboardOptions {
  readonly join: 'strict' | 'alike';
  readonly allMetrics: boolean;
  /** Keys of rows of published tables. */
  readonly references: readonly string[];
}

/** Every checkpoint of a few hundred runs; a window cannot show more. */
const MAX_ROWS = 5000;

/** A result with whose it is; `model` is the key. */
export interface OwnedResult extends EvaluationResult {
  readonly owner: EvaluatedModel;
  readonly hasAnswers: boolean;
}

export interface OwnedResults {
  readonly version: number;
  readonly results: readonly OwnedResult[];
  readonly problems: readonly ReadingProblem[];
}

/** Published values stand beside what was measured: they never say enough for a column of their own. */
export const joinsColumns = ({ model }: Pick<EvaluationResult, 'model'>): boolean =>
  model.startsWith('reference:');

export async function readLeaderboard(
  index: ResultsIndex,
  { join, allMetrics, references }: LeaderboardOptions,
  signal?: AbortSignal,
): Promise<Leaderboard> {
  const { version, results } = await ownedResults(index, references, signal);
  return leaderboardOf(version, results, { join, allMetrics, joins: joinsColumns });
}

/** What stands in the cells of the same leaderboard; published rows have no answers and are none of these. */
export interface CellResults {
  /** As `LeaderboardColumn` has it. */
  readonly column: string;
  /** By the key of the model. */
  readonly results: ReadonlyMap<string, FoundResult>;
}

export async function resultsOfCells(
  index: ResultsIndex,
  { join, allMetrics }: Omit<LeaderboardOptions, 'references'>,
  signal?: AbortSignal,
): Promise<readonly CellResults[]> {
  const { results: all } = await index.read(signal);
  const measured = all.map((found) => ({ ...found, model: index.modelOf(found).key, found }));
  return resultColumns(measured, { join, allMetrics, joins: joinsColumns }).map(({ column, results }) => ({
    column: columnHash(column.key),
    results: new Map(
      [...grouped(results, ({ model }) => model)].flatMap(([model, own]) => {
        const [newest] = newestFirst(own);
        return newest === undefined ? [] : [[model, newest.found] as const];
      }),
    ),
  }));
}

/** All results of the workspace, and the rows of published tables with these keys. */
export async function ownedResults(
  index: ResultsIndex,
  references: readonly string[],
  signal?: AbortSignal,
): Promise<OwnedResults> {
  const { version, results, problems } = await index.read(signal);
  const measured = results.map((result): OwnedResult => {
    const owner = index.modelOf(result);
    return { ...result, model: owner.key, owner, hasAnswers: index.hasAnswers(result) };
  });
  const beside = references.length === 0 ? [] : referenceEntries(await index.references(), references);
  return { version, results: [...measured, ...beside], problems };
}

/** Rows of published tables as results. */
export function referenceEntries(
  tables: readonly ReferenceTable[],
  wanted: readonly string[],
): readonly OwnedResult[] {
  const keys = new Set(wanted);
  return tables.flatMap((table) =>
    referenceModels(table).flatMap((owner, place) =>
      keys.has(owner.key)
        ? referenceRowResults(table, place).map((result) => ({
            ...result,
            model: owner.key,
            owner,
            hasAnswers: false,
          }))
        : [],
    ),
  );
}

function leaderboardOf(
  version: number,
  entries: readonly OwnedResult[],
  options: ColumnOptions,
): Leaderboard {
  const columns = resultColumns(entries, options);
  const shown = new Set(columns.flatMap(({ results }) => results.map(({ model }) => model)));
  const owners = new Map(entries.map(({ owner }) => [owner.key, owner]));
  const all = [...owners.values()].filter(({ key }) => shown.has(key));
  const rows = all.slice(0, MAX_ROWS);
  const sources = new Map<string, number>();
  const placeOf = (path: string): number => {
    const place = sources.get(path) ?? sources.size;
    sources.set(path, place);
    return place;
  };
  const cells = columns.map(({ results: [first, ...others] }) => {
    const own = first === undefined ? [] : [first, ...others];
    const byModel = grouped(own, ({ model }) => model);
    return new Map(
      [...byModel].map(([model, found]) => [
        model,
        first === undefined ? null : cellOf(first, found, placeOf),
      ]),
    );
  });
  return {
    version,
    columns: columns.map(({ column, results: [first] }) => ({
      ...column,
      key: columnHash(column.key),
      differs: [...column.differs],
      settings: first === undefined ? [] : [...settingsOf(first)],
    })),
    rows: rows.map(
      (model): LeaderboardRow => ({ model, cells: cells.map((column) => column.get(model.key) ?? null) }),
    ),
    sources: [...sources.keys()],
    leftOut: all.length - rows.length,
  };
}

function cellOf(
  first: OwnedResult,
  found: readonly OwnedResult[],
  placeOf: (path: string) => number,
): LeaderboardCell | null {
  const [newest, ...older] = newestFirst(found);
  if (newest === undefined) return null;
  const { value, standardError, samples, available, measuredMs, hasAnswers, harness, source } = newest;
  return {
    value,
    standardError,
    samples,
    available,
    measuredMs,
    hasAnswers,
    harness,
    column: columnHash(comparabilityKey(newest)),
    source: placeOf(source.path),
    differs: newest === first ? [] : [...shortDifferences(differencesOf(first, newest))],
    older: older.map((one) => ({
      value: one.value,
      measuredMs: one.measuredMs,
      source: placeOf(one.source.path),
    })),
  };
}
