// Which questions of one or two sets of answers are shown, and how many there are of each kind: from the indexes alone. Pure.
import type { QuestionIndex } from './question-index.ts';

/** A place in one of several files that belong together: the tasks of a group. */
export interface QuestionPart {
  /** Name of the task. */
  readonly task: string;
  readonly index: QuestionIndex;
}

export interface AnswerSet {
  readonly parts: readonly QuestionPart[];
  readonly metric: string;
  readonly filter: string;
}

export interface ShownQuestion {
  readonly part: number;
  /** In the index of the part. */
  readonly row: number;
  /** In the other set; -1 without one. */
  readonly otherPart: number;
  readonly otherRow: number;
  readonly id: number;
  readonly score: number;
  /** NaN where the other set does not hold the question. */
  readonly otherScore: number;
}

export const questionKinds = [
  'all',
  'right',
  'wrong',
  'flips',
  'won',
  'lost',
  'both-right',
  'both-wrong',
  'length-decides',
] as const;
export type QuestionKind = (typeof questionKinds)[number];

export const questionOrders = ['file', 'longest', 'shortest'] as const;
export type QuestionOrder = (typeof questionOrders)[number];

export interface QuestionFilter {
  readonly show: QuestionKind;
  readonly subject: string | null;
  /** Characters of the prompt, both ends included; null leaves an end open. */
  readonly minLength: number | null;
  readonly maxLength: number | null;
  /** Null: no text is searched. Otherwise, for each part, whether a row holds the text. */
  readonly found: readonly ReadonlySet<number>[] | null;
  readonly order: QuestionOrder;
}

export interface PairedQuestions {
  /** Of the metric and the filter, with a score, each question once. */
  readonly all: readonly ShownQuestion[];
  /** Of either side that the other does not hold, or holds as another question. */
  readonly leftOut: number;
  /** Questions that stand twice under one filter; the first counts. */
  readonly repeated: number;
}

export function pairQuestions(first: AnswerSet, second: AnswerSet | null): PairedQuestions {
  const [mine, theirs] = [scoredRows(first), second === null ? null : scoredRows(second)];
  const others = new Map<string, Scored>();
  for (const one of theirs?.rows ?? []) others.set(`${one.task} ${one.id}`, one);
  let matched = 0;
  const all = mine.rows.flatMap((one): ShownQuestion[] => {
    const { part, row, id, score, task, hash } = one;
    const base = { part, row, id, score };
    if (second === null) return [{ ...base, otherPart: -1, otherRow: -1, otherScore: Number.NaN }];
    const other = others.get(`${task} ${id}`);
    const isOther =
      other !== undefined && !Number.isNaN(hash) && !Number.isNaN(other.hash) && hash !== other.hash;
    if (other === undefined || isOther) return [];
    matched += 1;
    return [{ ...base, otherPart: other.part, otherRow: other.row, otherScore: other.score }];
  });
  const total = mine.rows.length + (theirs?.rows.length ?? mine.rows.length);
  return {
    all,
    leftOut: second === null ? 0 : total - 2 * matched,
    repeated: mine.repeated + (theirs?.repeated ?? 0),
  };
}

interface Scored {
  readonly task: string;
  readonly part: number;
  readonly row: number;
  readonly id: number;
  readonly hash: number;
  readonly score: number;
}

function scoredRows({ parts, metric, filter }: AnswerSet): {
  readonly rows: readonly Scored[];
  readonly repeated: number;
} {
  const rows: Scored[] = [];
  let repeated = 0;
  parts.forEach(({ task, index }, part) => {
    const wanted = index.filters.indexOf(filter);
    const scores = index.scores.get(metric);
    if (wanted === -1 || scores === undefined) return;
    const seen = new Set<number>();
    for (let row = 0; row < index.count; row += 1) {
      const score = scores[row] ?? Number.NaN;
      if (index.filterOf[row] !== wanted || Number.isNaN(score)) continue;
      const id = index.ids[row] ?? 0;
      if (seen.has(id)) {
        repeated += 1;
        continue;
      }
      seen.add(id);
      rows.push({ task, part, row, id, score, hash: index.hashes[row] ?? Number.NaN });
    }
  });
  return { rows, repeated };
}

/** Questions that have a score for a metric under a filter: what a paired test is made of. */
export function scoresOf(
  set: AnswerSet,
): readonly { readonly id: number; readonly hash: number; readonly score: number }[] {
  return scoredRows(set).rows;
}

export type QuestionCounts = Readonly<Record<QuestionKind, number>>;

/** How many questions are of each kind; the last is of the first set. */
export function countKinds(all: readonly ShownQuestion[], parts: readonly QuestionPart[]): QuestionCounts {
  const counts = Object.fromEntries(questionKinds.map((kind) => [kind, 0])) as Record<QuestionKind, number>;
  for (const one of all) for (const kind of questionKinds) if (isKind(one, kind, parts)) counts[kind] += 1;
  return counts;
}

/** Right is a score of 1; a part of it (IFEval, F1) is not. Won and lost go by the higher score. */
export function isKind(one: ShownQuestion, kind: QuestionKind, parts: readonly QuestionPart[]): boolean {
  const { score, otherScore } = one;
  const isPaired = !Number.isNaN(otherScore);
  switch (kind) {
    case 'all':
      return true;
    case 'right':
      return score === 1;
    case 'wrong':
      return score !== 1;
    case 'flips':
      return isPaired && score !== otherScore;
    case 'won':
      return isPaired && otherScore > score;
    case 'lost':
      return isPaired && otherScore < score;
    case 'both-right':
      return isPaired && score === 1 && otherScore === 1;
    case 'both-wrong':
      return isPaired && score !== 1 && otherScore !== 1;
    case 'length-decides':
      return lengthDecides(one, parts);
  }
}

/** Another choice is taken when likelihoods are divided by characters or bytes. */
function lengthDecides({ part, row }: ShownQuestion, parts: readonly QuestionPart[]): boolean {
  const [plain, byCharacters, byBytes] = (parts[part]?.index.picks ?? []).map((column) => column[row]);
  if (plain === undefined || Number.isNaN(plain)) return false;
  return byCharacters !== plain || byBytes !== plain;
}

export function selectQuestions(
  all: readonly ShownQuestion[],
  parts: readonly QuestionPart[],
  filter: QuestionFilter,
): readonly ShownQuestion[] {
  const { show, subject, minLength, maxLength, found, order } = filter;
  const lengthOf = ({ part, row }: ShownQuestion) => parts[part]?.index.promptLengths[row] ?? Number.NaN;
  const shown = all.filter((one) => {
    if (!isKind(one, show, parts)) return false;
    if (subject !== null && subjectOf(one, parts) !== subject) return false;
    const length = lengthOf(one);
    if (minLength !== null && !(length >= minLength)) return false;
    if (maxLength !== null && !(length <= maxLength)) return false;
    return found === null || found[one.part]?.has(one.row) === true;
  });
  if (order === 'file') return shown;
  const sign = order === 'longest' ? -1 : 1;
  return shown.toSorted((a, b) => sign * (lengthOf(a) - lengthOf(b)));
}

/** As the data set names it; the task where a group is read and the data set does not. */
export function subjectOf({ part, row }: ShownQuestion, parts: readonly QuestionPart[]): string | null {
  const own = parts[part];
  if (own === undefined) return null;
  const place = own.index.subjectOf[row] ?? Number.NaN;
  const named = Number.isNaN(place) ? undefined : own.index.subjects[place];
  return named ?? (parts.length > 1 ? own.task : null);
}

export interface SubjectCount {
  readonly name: string;
  readonly questions: number;
  readonly right: number;
}

/** The most frequent first. */
export function countSubjects(
  all: readonly ShownQuestion[],
  parts: readonly QuestionPart[],
): readonly SubjectCount[] {
  const counts = new Map<string, { questions: number; right: number }>();
  for (const one of all) {
    const name = subjectOf(one, parts);
    if (name === null) continue;
    const own = counts.get(name) ?? { questions: 0, right: 0 };
    own.questions += 1;
    if (one.score === 1) own.right += 1;
    counts.set(name, own);
  }
  return [...counts]
    .map(([name, own]) => ({ name, ...own }))
    .toSorted((a, b) => b.questions - a.questions || a.name.localeCompare(b.name));
}
