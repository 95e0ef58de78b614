// Routes of progress: binds the contract to the services of this folder.
import { setImmediate } from 'node:timers/promises';
import type { z } from 'zod';
import type {
  PairedCell,
  pairedCellsEvent,
  ProgressTask as SentTask,
} from '../../../api/evaluation-progress.ts';
import { progression, type ProgressTask } from '../../../lib/evaluations/progress/progression.ts';
import { api } from '../../base.ts';
import type { CoreContext } from '../../context.ts';
import type { Answers } from '../questions/answers.ts';
import { openDrawsRoom } from './draws-room.ts';
import { resultsOfCells } from '../results/leaderboard.ts';
import { openResults } from '../results/results-index.ts';
import { progressEvents } from '../../progress-events.ts';
import { compareModels, type CompareProgress } from './compare-models.ts';
import { type CellPair, cellPairs, type KnownPairs, testCells } from './paired-cells.ts';

type PairedCellsEvent = z.infer<typeof pairedCellsEvent>;

interface PairedRequest {
  readonly baseline: string;
  readonly join: 'strict' | 'alike';
  readonly allMetrics: boolean;
}

export function evaluationProgressRoutes(context: CoreContext, answers: Answers) {
  const results = openResults(context);
  const known: KnownPairs = new Map();

  /** What is known comes at once; the rest as it is worked out. */
  async function* paired(
    { baseline, join, allMetrics }: PairedRequest,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<PairedCellsEvent, void> {
    const columns = await resultsOfCells(results, { join, allMetrics }, signal);
    const pairs = await cellPairs(columns, await results.results(signal), baseline, signal);
    const total = pairs.length;
    const cellOf = ({ model, column }: CellPair, verdict: ReturnType<KnownPairs['get']>): PairedCell[] =>
      verdict == null ? [] : [{ model, column, ...verdict }];
    const there = pairs.filter(({ key }) => known.has(key));
    yield { cells: there.flatMap((pair) => cellOf(pair, known.get(pair.key))), done: there.length, total };
    const missing = pairs.filter(({ key }) => !known.has(key));
    if (missing.length === 0) return;
    const work = (onProgress: (progress: PairedCellsEvent) => void) =>
      context.activities.run(
        { title: 'Pairing answers with the baseline’s', unit: 'cells', signal },
        async (activity) => {
          await using room = openDrawsRoom(context.options.appFolder, activity.signal);
          const use = { answers, draws: room.draws, known, signal: activity.signal };
          for (const [index, pair] of missing.entries()) {
            activity.signal.throwIfAborted();
            // A file of answers that cannot be read costs its own mark.
            const verdict = await testCells(pair, use).catch((error: unknown) => {
              if (activity.signal.aborted) throw error;
              return null;
            });
            activity.progress(index + 1, missing.length);
            onProgress({ cells: cellOf(pair, verdict), done: there.length + index + 1, total });
            // Whoever else waits for this process comes in between.
            await setImmediate();
          }
        },
      );
    yield* collected(work);
  }

  return {
    procedures: {
      paired: api.evaluationProgress.paired.handler(({ input, signal }) => paired(input, signal)),
      progression: api.evaluationProgress.progression.handler(async ({ input, signal }) => {
        const { version, results: found } = await results.read(signal);
        const measured = found.map((result) => ({
          result,
          model: results.modelOf(result),
          hasAnswers: results.hasAnswers(result),
        }));
        const own =
          input.run === null ? measured : measured.filter(({ model }) => model.run?.id === input.run);
        const references = input.run === null ? await results.references() : [];
        return { version, tasks: progression(own, references, input).map(sent) };
      }),
      compare: api.evaluationProgress.compare.handler(({ input, signal }) =>
        progressEvents<Awaited<ReturnType<typeof compareModels>>, CompareProgress>((onProgress) =>
          context.activities.run(
            { title: 'Comparing two models', unit: 'tasks', signal },
            async (activity) => {
              await using room = openDrawsRoom(context.options.appFolder, activity.signal);
              return await compareModels(input, {
                results,
                answers,
                draws: room.draws,
                signal: activity.signal,
                onProgress: (progress) => {
                  activity.progress(progress.doneTasks, progress.totalTasks);
                  onProgress(progress);
                },
              });
            },
          ),
        ),
      ),
    },
    dispose: async () => undefined,
  };
}

/** With lists of its own, as the contract has them. */
function sent(task: ProgressTask): SentTask {
  return {
    ...task,
    lines: task.lines.map((line) => ({
      ...line,
      differ: [...line.differ],
      unknown: [...line.unknown],
      points: line.points.map((point) => ({ ...point, flaws: [...point.flaws] })),
    })),
    levels: task.levels.map((level) => ({
      ...level,
      differ: [...level.differ],
      unknown: [...level.unknown],
    })),
  };
}

/** Events of a work as a stream: what came while the reader was busy comes as one. */
async function* collected(
  start: (onProgress: (event: PairedCellsEvent) => void) => Promise<void>,
): AsyncGenerator<PairedCellsEvent, void> {
  const held: { event: PairedCellsEvent | null; wake: () => void } = { event: null, wake: () => undefined };
  let isDone = false;
  const work = start(({ cells, ...counts }) => {
    held.event = { ...counts, cells: [...(held.event?.cells ?? []), ...cells] };
    held.wake();
  }).finally(() => {
    isDone = true;
    held.wake();
  });
  // The failure is thrown by the await below; this only keeps it from counting as unhandled meanwhile.
  work.catch(() => undefined);
  for (;;) {
    const { event } = held;
    held.event = null;
    if (event !== null) {
      yield event;
      continue;
    }
    if (isDone) break;
    await new Promise<void>((resolve) => {
      held.wake = resolve;
    });
  }
  await work;
}
