// Thresholds from quantiles and what they keep: asks the score table in the data process, in the order of the languages.
import type { FilterChoice, ThresholdResult } from '../../api/quality.ts';
import { StudioError } from '../../api/errors.ts';
import { type Filter, neededHeads, type Rule, shareFor } from '../../lib/quality/recipe.ts';
import { type LanguageCounts, retention } from '../../lib/quality/retention.ts';
import type { ScoreAnswer, ScoreQuestion, ScoreTableRef } from '../../../native/duckdb/protocol.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import type { Corpus } from './corpus.ts';
import { requireOneOrigin } from './origins.ts';
import type { ScoreTable } from './score-table.ts';
import { TOGETHER } from './together.ts';
import type { TableHead } from './summarise-scores.ts';

export interface Asking {
  readonly engine: DatasetEngine;
  readonly signal?: AbortSignal | undefined;
}

/** How the data process knows a table. Throws StudioError. */
export async function tableReference(table: ScoreTable): Promise<ScoreTableRef> {
  const { path, languages, heads } = table;
  return {
    path,
    memory: await table.ready(),
    languages: languages.map(({ name, documents }) => ({ name, documents })),
    together: heads.length > TOGETHER ? [] : heads.map(({ field, wide }) => ({ field, wide })),
  };
}

/**
 * The column of the table for a head by its name. Throws INVALID_INPUT, also when the files were scored by this head in ways that do
 * not go together: whatever is taken over all of them would be wrong.
 */
export function requireTableHead(corpus: Corpus, head: string): TableHead {
  const { table, columns } = corpus;
  const column = columns.get(head) ?? head;
  const found = table.heads.find((candidate) => candidate.column === column);
  if (found) {
    requireOneOrigin(corpus, column);
    return found;
  }
  throw new StudioError('INVALID_INPUT', `There is no head ${head}`, {
    hint: `The heads are: ${[...columns.keys()].join(', ') || 'none; score the documents first'}`,
  });
}

/** Heads that must pass. Throws INVALID_INPUT when the rule asks for more than there are. */
export function requireNeeded(rule: Rule, heads: number): number {
  const needed = neededHeads(rule, heads);
  if (needed !== null) return needed;
  throw new StudioError('INVALID_INPUT', `The rule asks for more than the ${heads} heads that are chosen`, {
    hint: `Ask for at most ${heads}, or choose more heads`,
  });
}

type CountAnswer = Extract<ScoreAnswer, { kind: 'count' }>;

async function ask(
  corpus: Corpus,
  question: Extract<ScoreQuestion, { kind: 'count' }>,
  { engine, signal }: Asking,
): Promise<CountAnswer> {
  const { table } = corpus;
  const path = table.plans[0]?.source.path ?? table.path;
  const answer = await engine.scores(await tableReference(table), question, { path, signal });
  if (answer.kind !== 'count') throw new Error(`Asked for counts, got ${answer.kind}`);
  return answer;
}

export async function computeThresholds(
  corpus: Corpus,
  choice: FilterChoice,
  asking: Asking,
): Promise<ThresholdResult> {
  const { table } = corpus;
  const names = [...new Set(choice.heads)];
  const heads = names.map((name) => ({ name, ...requireTableHead(corpus, name) }));
  const answer = await ask(
    corpus,
    {
      kind: 'count',
      heads: heads.map(({ field, wide }) => ({ field, wide })),
      bounds: {
        kind: 'shares',
        shares: table.languages.map(({ name: language }) =>
          heads.map(({ name }) => shareFor(choice.quantiles, language, name)),
        ),
      },
      operator: choice.operator,
      needed: requireNeeded(choice.rule, heads.length),
    },
    asking,
  );
  const thresholds = Object.fromEntries(
    table.languages.map(({ name: language }, index) => [
      language,
      Object.fromEntries(
        heads.map(({ name }, head) => [name, answer.languages[index]?.thresholds[head] ?? null]),
      ),
    ]),
  );
  const filter: Filter = {
    heads: heads.map(({ name, column }) => ({ name, column, sha256: null })),
    thresholds,
    operator: choice.operator,
    rule: choice.rule,
  };
  const kept = retention(countsOf(table, answer));
  return {
    thresholds,
    languages: { ...kept.languages },
    total: kept.total,
    meanTokenChangePercent: kept.meanTokenChangePercent,
    cuts: heads.map(({ name }, head) => ({
      head: name,
      keptDocuments: sum(answer.languages.map(({ cuts }) => cuts[head]?.documents ?? 0)),
      keptTokens: withTokens(table, sum(answer.languages.map(({ cuts }) => cuts[head]?.tokens ?? 0))),
    })),
    tokenLabel: table.facts.tokens.label,
    filter,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function withTokens(table: ScoreTable, tokens: number): number | null {
  return table.facts.tokens.kind === 'none' ? null : tokens;
}

function countsOf(table: ScoreTable, answer: CountAnswer): ReadonlyMap<string, LanguageCounts> {
  const flagged = table.facts.keptSource !== null;
  return new Map(
    table.languages.map(({ name, documents }, index) => {
      const own = answer.languages[index];
      return [
        name,
        {
          documents,
          keptDocuments: own?.passing.documents ?? 0,
          tokens: withTokens(table, own?.all.tokens ?? 0),
          keptTokens: withTokens(table, own?.passing.tokens ?? 0),
          fw2Documents: flagged ? (own?.fw2.documents ?? 0) : null,
          fw2Tokens: flagged ? withTokens(table, own?.fw2.tokens ?? 0) : null,
        },
      ];
    }),
  );
}
