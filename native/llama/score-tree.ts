// Continuations of several questions in one evaluation: what all of them share is read once and kept, what the choices of one
// question share is read once, and the choices stand beside each other as sequences of their own.
import { describeToken } from '../../core/lib/generation/token-distribution.ts';
import { RuntimeFailure } from './failure.ts';
import type { TreeToken } from './batch-lists.ts';
import type { Model } from './model.ts';
import { BATCH_TOKENS, type ScoredItem } from './protocol.ts';
import { type ContinuationRequest, scoreContinuation, tokensOfContinuation } from './score.ts';

interface Continuation {
  readonly tokens: readonly number[];
  readonly count: number;
}

/** Items that follow each other and share a context are the choices of one question. */
interface Question {
  readonly choices: readonly Continuation[];
  /** Tokens that all of them begin with and that nothing is asked about. */
  readonly shared: number;
}

export interface TreeOptions {
  readonly onItem: (item: ScoredItem) => void;
  readonly signal: AbortSignal;
}

/** Questions that are looked at together to see what they share. */
const AHEAD = 32;

export async function scoreTree(
  model: Model,
  items: readonly ContinuationRequest[],
  options: TreeOptions,
): Promise<void> {
  const waiting: Question[] = [];
  for (let at = 0; at < items.length || waiting.length > 0; ) {
    while (at < items.length && waiting.length < AHEAD) {
      const from = at;
      const context = items[from]?.context;
      while (at < items.length && items[at]?.context === context) at += 1;
      waiting.push(questionOf(items.slice(from, at).map((item) => tokensOfContinuation(model, item))));
    }
    await scoreSome(model, waiting, options);
  }
}

function questionOf(choices: readonly Continuation[]): Question {
  const [first] = choices;
  let shared = Math.min(...choices.map(({ tokens, count }) => tokens.length - count - 1));
  for (const { tokens } of choices) {
    for (let at = 0; at < shared; at += 1) if (tokens[at] !== first?.tokens[at]) shared = at;
  }
  return { choices, shared };
}

/** As many of the first questions as fit one evaluation are taken off the list. */
async function scoreSome(model: Model, waiting: Question[], { onItem, signal }: TreeOptions): Promise<void> {
  if (signal.aborted) throw new RuntimeFailure('stopped', 'Scoring was stopped');
  const base = baseOf(waiting);
  const taken: Question[] = [];
  let [tokens, sequences, outputs] = [0, 1, 0];
  for (const question of waiting) {
    const own = sizeOf(question, base);
    const isFull =
      tokens + own.tokens > Math.min(BATCH_TOKENS, model.contextTokens - base) ||
      sequences + own.sequences > model.sequences ||
      outputs + own.outputs > model.outputs;
    if (isFull) break;
    taken.push(question);
    [tokens, sequences, outputs] = [tokens + own.tokens, sequences + own.sequences, outputs + own.outputs];
  }
  if (taken.length === 0) {
    // Too long for one evaluation: its choices one after another.
    for (const { tokens: all, count } of waiting.shift()?.choices ?? [])
      onItem(await scoreContinuation(model, all, count, signal));
    return;
  }
  waiting.splice(0, taken.length);
  await readBase(model, taken[0]?.choices[0]?.tokens.slice(0, base) ?? []);
  for (const item of await evaluateTogether(model, taken, base)) onItem(item);
}

/** What all questions that wait begin with; at least one token of each is left to be read. */
function baseOf(waiting: readonly Question[]): number {
  const [first] = waiting;
  const tokens = first?.choices[0]?.tokens ?? [];
  let base = Math.min(...waiting.map(({ shared }) => shared));
  for (const { choices } of waiting) {
    const other = choices[0]?.tokens ?? [];
    for (let at = 0; at < base; at += 1) if (other[at] !== tokens[at]) base = at;
  }
  return base;
}

/** The choices of a question by what is read of them: answers of one token are one. */
function branchesOf({ choices, shared }: Question): ReadonlyMap<string, readonly Continuation[]> {
  const branches = new Map<string, Continuation[]>();
  for (const choice of choices) {
    const key = choice.tokens.slice(shared, -1).join();
    branches.set(key, [...(branches.get(key) ?? []), choice]);
  }
  return branches;
}

function sizeOf(question: Question, base: number) {
  const branches = [...branchesOf(question).values()];
  const own = branches.map(([first]) => (first?.tokens.length ?? 0) - 1 - question.shared);
  return {
    tokens: question.shared - base + own.reduce((sum, count) => sum + count, 0),
    sequences: branches.length,
    outputs: branches.reduce((sum, some) => sum + Math.max(...some.map(({ count }) => count)), 0),
  };
}

/** In sequence 0, where the next questions find it. */
async function readBase(model: Model, tokens: readonly number[]): Promise<void> {
  const kept = model.keep(Math.min(model.shared(tokens), tokens.length));
  for (let at = kept; at < tokens.length; at += BATCH_TOKENS)
    await model.evaluate(tokens.slice(at, at + BATCH_TOKENS), []);
}

async function evaluateTogether(
  model: Model,
  questions: readonly Question[],
  base: number,
): Promise<readonly ScoredItem[]> {
  const batch: TreeToken[] = [];
  const found: { readonly choice: Continuation; readonly start: number }[] = [];
  let sequence = 1;
  for (const question of questions) {
    const branches = branchesOf(question);
    const [first] = question.choices;
    for (let position = base; position < question.shared; position += 1)
      batch.push({
        id: first?.tokens[position] ?? 0,
        position,
        sequence,
        sequences: branches.size,
        isAsked: false,
      });
    const starts = new Map<Continuation, number>();
    for (const choices of branches.values()) {
      const [one] = choices;
      const tokens = one?.tokens ?? [];
      const asked = Math.min(...choices.map(({ tokens: all, count }) => all.length - count - 1));
      const start = batch.length + asked - question.shared;
      for (let position = question.shared; position < tokens.length - 1; position += 1)
        batch.push({
          id: tokens[position] ?? 0,
          position,
          sequence,
          sequences: 1,
          isAsked: position >= asked,
        });
      for (const choice of choices)
        starts.set(choice, start + (choice.tokens.length - choice.count - 1 - asked));
      sequence += 1;
    }
    for (const choice of question.choices) found.push({ choice, start: starts.get(choice) ?? 0 });
  }
  await model.evaluateTree(batch, sequence - 1, base);
  return found.map(({ choice, start }) => scored(model, choice, start));
}

function scored(model: Model, { tokens, count }: Continuation, start: number): ScoredItem {
  const values: number[] = [];
  let isGreedy = true;
  for (let index = 0; index < count; index += 1) {
    const next = tokens[tokens.length - count + index] ?? 0;
    const { logProbability, top } = describeToken(model.logits(start + index), next, 1);
    values.push(logProbability);
    isGreedy &&= top[0]?.id === next;
  }
  return {
    tokens: count,
    logProbability: values.reduce((sum, value) => sum + value, 0),
    isGreedy,
    tokenLogProbabilities: values,
  };
}
