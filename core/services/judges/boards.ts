// What a window sees of judgements: the list, a board that follows one, pages of its lines, and how it agrees with people.
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type {
  JudgeAgreement,
  JudgedLine,
  JudgementBoard,
  JudgementEntry,
  JudgementResults,
  ResultChoice,
} from '../../api/judges.ts';
import { fileSafeName } from '../../lib/annotations/campaign.ts';
import { costOf } from '../../lib/judges/judge-estimate.ts';
import { judgedKey } from '../../lib/judges/judgement-line.ts';
import { type JudgedDocument, reportPredictions } from '../../lib/quality/prediction-report.ts';
import { aggregateRating } from '../../lib/statistics/ratings.ts';
import { ANNOTATIONS_FILE, JUDGEMENT_FOLDER, readLines, requireJudgement } from './judgement-files.ts';
import { type LiveJudgements, NEWEST_LINES } from './live-judgements.ts';
import type { LineIndexes } from './line-index.ts';
import { reportJudgement, stateOf } from './report.ts';

const MAX_JUDGEMENTS = 1000;
/** A board is drawn no faster. */
const BOARD_INTERVAL_MS = 300;
/** A judgement that another process works on is looked at this often. */
const LOOK_INTERVAL_MS = 2000;

export async function listJudgements(root: string): Promise<readonly JudgementEntry[]> {
  const parent = join(root, JUDGEMENT_FOLDER);
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory() && fileSafeName.safeParse(entry.name).success)
    .map(({ name }) => name)
    .sort()
    .slice(0, MAX_JUDGEMENTS);
  const listed = await Promise.all(names.map((name) => entryOf(join(parent, name))));
  const made = (entry: JudgementEntry): number => (entry.kind === 'judgement' ? entry.createdMs : -Infinity);
  return listed.sort((a, b) => made(b) - made(a));
}

async function entryOf(folder: string): Promise<JudgementEntry> {
  const name = basename(folder);
  try {
    const judgement = await requireJudgement(folder);
    return {
      kind: 'judgement',
      judgement: name,
      state: await stateOf(folder, judgement),
      title: judgement.judge.template.title,
      model: judgement.endpoint.model,
      dataset: judgement.source.path,
      documents: judgement.documents,
      createdMs: judgement.createdMs,
      ended: judgement.ended,
    };
  } catch (error) {
    return {
      kind: 'problem',
      judgement: name,
      problem: error instanceof Error ? error.message : String(error),
    };
  }
}

async function boardOf(
  folder: string,
  judgements: LiveJudgements,
  indexes: LineIndexes,
): Promise<JudgementBoard> {
  const newestLines = () => indexes.last(join(folder, ANNOTATIONS_FILE), NEWEST_LINES);
  const live = judgements.live(folder);
  const failure = judgements.failure(folder);
  if (live) {
    const { judgement, tally, newest, run } = live;
    const counts = tally.snapshot();
    return {
      judgement,
      state: 'running',
      isHere: true,
      tally: copyOf(counts),
      cost:
        judgement.price === null
          ? null
          : costOf(counts.promptTokens, counts.completionTokens, judgement.price),
      unansweredDocuments: 0,
      brokenLines: 0,
      run,
      newest: newest.length > 0 ? [...newest] : [...(await newestLines())],
      failure: null,
    };
  }
  const { tally, ...report } = await reportJudgement(folder);
  return {
    ...report,
    tally: copyOf(tally),
    isHere: judgements.isRunning(folder),
    run: null,
    newest: [...(await newestLines())],
    failure,
  };
}

const copyOf = (tally: Awaited<ReturnType<typeof reportJudgement>>['tally']): JudgementBoard['tally'] => ({
  ...tally,
  classes: [...tally.classes],
  languages: [...tally.languages],
});

/** Ends when `signal` aborts. Throws NOT_FOUND when there is no such judgement. */
export async function* watchBoard(
  folder: string,
  judgements: LiveJudgements,
  indexes: LineIndexes,
  signal: AbortSignal | undefined,
): AsyncGenerator<JudgementBoard, void> {
  let changed = true;
  let wake: (() => void) | null = null;
  const touch = (): void => {
    changed = true;
    wake?.();
  };
  const unsubscribe = judgements.bus.subscribe((which) => {
    if (which === folder) touch();
  });
  signal?.addEventListener('abort', touch);
  let seen = '';
  try {
    while (signal?.aborted !== true) {
      if (changed) {
        changed = false;
        // Before they are read: what is written meanwhile is a change.
        seen = await marksOf(folder);
        yield await boardOf(folder, judgements, indexes);
        await pause(
          BOARD_INTERVAL_MS,
          () => false,
          (own) => (wake = own),
        );
        continue;
      }
      await pause(
        LOOK_INTERVAL_MS,
        () => changed,
        (own) => (wake = own),
      );
      if (!changed && !judgements.isRunning(folder) && (await marksOf(folder)) !== seen) changed = true;
    }
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', touch);
  }
}

/** Waits `ms`, or until woken when `isDue`. */
async function pause(ms: number, isDue: () => boolean, onWake: (wake: () => void) => void): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    onWake(() => {
      if (!isDue()) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

/** What tells that another process wrote. */
async function marksOf(folder: string): Promise<string> {
  const marks = await Promise.all(
    [ANNOTATIONS_FILE, 'judgement.json', 'running.json'].map((name) =>
      stat(join(folder, name)).then(
        ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
        () => '-',
      ),
    ),
  );
  return marks.join('|');
}

/** One page of what is of this choice. */
export async function readResults(
  folder: string,
  indexes: LineIndexes,
  page: { readonly only: ResultChoice; readonly first: number; readonly limit: number },
): Promise<JudgementResults> {
  const { total, lines } = await indexes.page(join(folder, ANNOTATIONS_FILE), page);
  return {
    total,
    first: page.first,
    lines: lines.map((line) => ({ line, score: aggregateRating(line.scores) })),
  };
}

/** Null when the document has no line yet. */
export async function readResult(
  folder: string,
  indexes: LineIndexes,
  document: string,
): Promise<JudgedLine | null> {
  const line = await indexes.find(join(folder, ANNOTATIONS_FILE), document);
  return line === null ? null : { line, score: aggregateRating(line.scores) };
}

/** `ratings`: aggregated ones of people, by document id. Documents without one are left out. */
export async function agreeWith(
  folder: string,
  ratings: ReadonlyMap<string, number>,
): Promise<JudgeAgreement> {
  const seen = new Set<string>();
  const documents: JudgedDocument[] = [];
  for await (const line of readLines(join(folder, ANNOTATIONS_FILE))) {
    const truth = ratings.get(line.document_id);
    if (truth === undefined || seen.has(judgedKey(line))) continue;
    seen.add(judgedKey(line));
    documents.push({ language: line.language, truth, prediction: aggregateRating(line.scores) });
  }
  const { invalid, spearman, pValue, kendall, mae, macroF1, confusion } = reportPredictions(documents);
  return {
    documents: documents.length,
    invalid,
    spearman,
    pValue,
    kendall,
    mae,
    macroF1,
    confusion: confusion.map((row) => [...row]),
  };
}
