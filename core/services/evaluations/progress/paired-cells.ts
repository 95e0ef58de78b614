// The cells of a leaderboard against a baseline's, question by question, where the answers of both were kept. What was worked out once is
// remembered as long as neither file of answers changes.
import { stat } from 'node:fs/promises';
import type { PairedCell } from '../../../api/evaluation-progress.ts';
import { differencesOf, mayCompare } from '../../../lib/evaluations/comparability.ts';
import { isMeanOf } from '../../../lib/evaluations/compare-results.ts';
import { type BootstrapDraws, pairQuestions } from '../../../lib/evaluations/paired-test.ts';
import type { QuestionIndex } from '../../../lib/evaluations/questions/question-index.ts';
import { scoresOf } from '../../../lib/evaluations/questions/select-questions.ts';
import type { ScoredQuestion } from '../../../lib/evaluations/reading/read-sample.ts';
import { mcNemar } from '../../../lib/statistics/paired.ts';
import type { Answers } from '../questions/answers.ts';
import { type AnswerPlace, numberedQuestions, placesOfAnswers } from '../results/answer-places.ts';
import type { CellResults } from '../results/leaderboard.ts';
import type { FoundResult } from '../results/read-files.ts';

/** As a comparison of two models draws, so that both say the same. */
const DRAWS = { resamples: 2000, seed: 1 };
/** A few hundred models by a hundred tasks; each takes some hundred bytes. */
const MAX_KNOWN = 20_000;

type Verdict = Omit<PairedCell, 'model' | 'column'>;

/** Verdicts by the files they were worked out from; null where a pair cannot be tested so. */
export type KnownPairs = Map<string, Verdict | null>;

interface Side {
  readonly result: FoundResult;
  readonly places: readonly AnswerPlace[];
  /** Of all its files. */
  readonly stamp: string;
}

export interface CellPair {
  readonly model: string;
  readonly column: string;
  readonly key: string;
  readonly first: Side;
  readonly second: Side;
}

/** Every pair of cells that may be compared and whose answers are there. */
export async function cellPairs(
  columns: readonly CellResults[],
  all: readonly FoundResult[],
  baseline: string,
  signal?: AbortSignal,
): Promise<readonly CellPair[]> {
  const pairs: CellPair[] = [];
  for (const { column, results } of columns) {
    const base = results.get(baseline);
    if (base === undefined) continue;
    const first = await sideOf(base, all);
    if (first === null) continue;
    for (const [model, result] of results) {
      signal?.throwIfAborted();
      if (model === baseline || !mayCompare(differencesOf(base, result))) continue;
      const second = await sideOf(result, all);
      if (second === null) continue;
      const { metric, filter } = result;
      pairs.push({
        model,
        column,
        first,
        second,
        key: JSON.stringify([first.stamp, second.stamp, metric, filter]),
      });
    }
  }
  return pairs;
}

async function sideOf(result: FoundResult, all: readonly FoundResult[]): Promise<Side | null> {
  const places = await placesOfAnswers(result, all);
  if (places.length === 0) return null;
  const stamps: string[] = [];
  for (const { path } of places) {
    const info = await stat(path).catch(() => null);
    if (info === null) return null;
    stamps.push(`${path} ${info.size} ${info.mtimeMs}`);
  }
  return { result, places, stamp: stamps.join('\n') };
}

export interface PairingUse {
  readonly answers: Answers;
  readonly draws: BootstrapDraws;
  readonly known: KnownPairs;
  readonly signal: AbortSignal;
}

/** Null where the numbers are no means over the questions, or where they share fewer than two. */
export async function testCells(
  { key, first, second }: CellPair,
  { answers, draws, known, signal }: PairingUse,
): Promise<Verdict | null> {
  const numbers = new Map<string, number>();
  const [a, b] = [
    await questionsOf(first, numbers, answers, signal),
    await questionsOf(second, numbers, answers, signal),
  ];
  const pairs = isMeanOf(first.result, a) && isMeanOf(second.result, b) ? pairQuestions(a, b) : null;
  let verdict: Verdict | null = null;
  if (pairs !== null) {
    const { differences, counts } = pairs;
    verdict =
      counts === null
        ? {
            questions: differences.length,
            test: 'paired bootstrap',
            p: (await draws(differences, DRAWS))?.p ?? 1,
          }
        : {
            questions: differences.length,
            test: 'McNemar, mid-p',
            p: mcNemar(counts.onlyFirst, counts.onlySecond).midP,
          };
  }
  remember(known, key, verdict);
  return verdict;
}

function remember(known: KnownPairs, key: string, verdict: Verdict | null): void {
  known.set(key, verdict);
  for (const [oldest] of known) {
    if (known.size <= MAX_KNOWN) break;
    known.delete(oldest);
  }
}

/** `numbers`: of the tasks of a group, the same for both sides. */
async function questionsOf(
  { result, places }: Side,
  numbers: Map<string, number>,
  answers: Answers,
  signal: AbortSignal,
): Promise<readonly ScoredQuestion[]> {
  const { metric, filter } = result;
  const questions: (readonly ScoredQuestion[])[] = [];
  for (const { task, path } of places) {
    const { index } = await answers.indexOf(path, { signal });
    questions.push(numberedQuestions(task, scoredQuestions({ task, index }, metric, filter), numbers));
  }
  return questions.flat();
}

/** Out of the index of a file. */
export function scoredQuestions(
  part: { readonly task: string; readonly index: QuestionIndex },
  metric: string,
  filter: string,
): readonly ScoredQuestion[] {
  return scoresOf({ parts: [part], metric, filter }).map(({ id, hash, score }) => ({
    id,
    score,
    documentHash: Number.isNaN(hash) ? null : String(hash),
  }));
}
