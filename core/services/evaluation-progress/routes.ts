// Routes of progress: binds the contract to the services of this folder.
import type { ProgressTask as SentTask } from '../../api/evaluation-progress.ts';
import { progression, type ProgressTask } from '../../lib/evaluations/progress/progression.ts';
import { api, typedStream } from '../base.ts';
import type { CoreContext } from '../context.ts';
import type { Answers } from '../evaluation-questions/answers.ts';
import { openDrawsRoom } from '../evaluations/draws-room.ts';
import { openResults } from '../evaluations/results-index.ts';
import { progressEvents } from '../progress-events.ts';
import { compareModels, type CompareProgress } from './compare-models.ts';

export function evaluationProgressRoutes(context: CoreContext, answers: Answers) {
  const results = openResults(context);
  return {
    procedures: {
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
        typedStream(
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
