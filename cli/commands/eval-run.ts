// `nesso eval run`: benchmarks and tasks with model files of this computer, one after another.
import { basename, join, relative, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import { CHOICE_TASK_NAMES } from '../../core/lib/evaluations/tasks/choice-tasks.ts';
import { createChatEngine } from '../../core/services/model-runtime/engine.ts';
import {
  type CellOutcome,
  EVALUATION_SEQUENCES,
  evaluateCell,
  prepareCell,
  safeName,
} from '../../core/services/evaluations/local/evaluate-cell.ts';
import { RESULTS_FOLDER } from '../../core/services/evaluations/results/import-results.ts';
import { createFingerprints } from '../../core/services/models/fingerprints.ts';
import { createSettingsFile } from '../../core/services/system/settings.ts';
import type { CommandContext } from '../command.ts';
import { withError } from '../evaluation-text.ts';
import { withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { openLab } from '../quality-lab.ts';

interface RunOptions extends WorkspaceOption {
  readonly exact?: boolean;
  readonly questions?: string;
  readonly examples?: string;
  readonly shots?: number;
  readonly limit?: number;
  readonly context?: number;
  readonly maxTokens?: number;
  readonly chat?: true;
  readonly out?: string;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number');
  return Number(text);
}

export function registerEvalRun(evaluation: Command, context: CommandContext): void {
  withWorkspaceOption(
    evaluation
      .command('run')
      .description('ask model files a benchmark or a task file, as lm-eval defines it; stopped, it goes on')
      .argument('<task>', `${CHOICE_TASK_NAMES}, mmlu, ifeval, ifeval_it, or a task of evals/tasks/`)
      .argument('<models...>', 'GGUF files')
      .option(
        '--questions <file>',
        'rows of the benchmark’s data set: JSONL or Parquet; evals/data/ without it',
      )
      .option('--examples <file>', 'rows of its examples; the first of them are shown before each question')
      .option('--shots <number>', 'examples before each question; as the task says without it', whole)
      .option('--limit <number>', 'only the first questions; results of a part are no benchmark', whole)
      .option('--context <tokens>', 'tokens of the context; what is too long is cut on the left', whole)
      .option('--max-tokens <number>', 'longest answer that is written, instead of what the task says', whole)
      .option('--chat', 'questions as turns of a chat, in each model’s own template')
      .option(
        '--exact',
        'attention in 32 bits, as PyTorch with a model of 32 bits has it; takes twice the time',
      )
      .option('--out <folder>', 'for results and answers; evals/results/<model> of the workspace without it'),
  ).action(
    context.action(async (name: string, models: readonly string[], options: RunOptions) => {
      const outcomes = await run(
        context,
        name,
        models.map((path) => resolve(path)),
        options,
      );
      const [first] = outcomes;
      context.print(outcomes.length === 1 ? first : outcomes, () => outcomes.map(outcomeText).join('\n'));
      return 0;
    }),
  );
}

interface RunOutcome {
  readonly task: string;
  readonly model: string;
  readonly questions: number;
  readonly resumed: number;
  readonly leftOut: number;
  readonly metrics: Readonly<
    Record<string, { readonly value: number; readonly standardError: number | null }>
  >;
  readonly folder: string;
  readonly results: string;
  readonly samples: string | readonly string[];
}

async function run(
  context: CommandContext,
  name: string,
  models: readonly string[],
  options: RunOptions,
): Promise<readonly RunOutcome[]> {
  const { signal, appFolder } = context;
  let lab: ReturnType<typeof openLab> | null = null;
  const openEngine = () => (lab ??= openLab(context));
  const settings = createSettingsFile(context.stateFolder);
  const engine = createChatEngine({
    appFolder,
    settings: () => settings.read(),
    sequences: EVALUATION_SEQUENCES,
    exact: options.exact === true,
  });
  const root = rootOf(context, options);
  try {
    const cell = await prepareCell(
      { appFolder, root },
      name,
      {
        shots: options.shots ?? null,
        limit: options.limit ?? null,
        questionFile: options.questions === undefined ? undefined : resolve(options.questions),
        exampleFile: options.examples === undefined ? undefined : resolve(options.examples),
      },
      { openEngine, signal },
    );
    const outcomes: RunOutcome[] = [];
    for (const path of models) {
      const { modelKey, quantization, weightsSha256, templateSha256 } = await createFingerprints().of(path);
      const { model, folder } = placeOf(root, path, options);
      await engine.unload(null);
      const outcome = await evaluateCell({
        cell,
        // Answers of one kind of attention are not gone on with by the other.
        model: {
          path,
          name: model,
          key: options.exact ? `${modelKey} exact` : modelKey,
          type: quantization,
          weightsSha256,
          templateSha256,
        },
        request: {
          contextTokens: options.context ?? null,
          maxTokens: options.maxTokens ?? null,
          asChat: options.chat === true,
        },
        folder,
        engine,
        studioVersion: context.version,
        signal,
        onProgress: ({ done, total, means }) =>
          context.note(
            `${done} of ${total} · ${means.map((mean) => `${nameOf(mean)} ${withError(mean.value, mean.standardError)}`).join(' · ')}`,
          ),
      });
      const leftOut = cell.tasks.reduce((sum, task) => sum + task.leftOut, 0);
      outcomes.push({ ...shown(outcome), task: name, model, folder, leftOut });
    }
    return outcomes;
  } finally {
    await engine.dispose();
    await (lab as ReturnType<typeof openLab> | null)?.[Symbol.asyncDispose]();
  }
}

const nameOf = ({ metric, filter }: { readonly metric: string; readonly filter: string }): string =>
  filter === 'none' ? metric : `${metric},${filter}`;

function shown({ means, questions, resumed, results, samples }: CellOutcome) {
  const [first = ''] = samples;
  return {
    questions,
    resumed,
    metrics: Object.fromEntries(
      means.map(({ value, standardError, ...mean }) => [nameOf(mean), { value, standardError }]),
    ),
    results,
    samples: samples.length === 1 ? first : samples,
  };
}

/** None is needed where files and folder are named. */
function rootOf(context: CommandContext, { out, workspace, questions }: RunOptions): string | null {
  if (out === undefined || workspace !== undefined) return context.findWorkspace(workspace);
  if (questions !== undefined) return null;
  try {
    return context.findWorkspace(undefined);
  } catch (error) {
    if (error instanceof StudioError && error.code === 'NO_WORKSPACE') return null;
    throw error;
  }
}

/** Named as a person finds it in the workspace, so that a checkpoint’s step is in the name. */
function placeOf(
  root: string | null,
  modelPath: string,
  { out }: RunOptions,
): { readonly model: string; readonly folder: string } {
  const inside = root === null ? '' : relative(root, modelPath).replaceAll('\\', '/');
  const model = inside === '' || inside.startsWith('..') ? basename(modelPath) : inside;
  return {
    model,
    folder: out === undefined ? join(root ?? '', RESULTS_FOLDER, safeName(model)) : resolve(out),
  };
}

function outcomeText({
  task,
  model,
  questions,
  resumed,
  metrics,
  folder,
  results,
  leftOut,
}: RunOutcome): string {
  return [
    `${task}, ${model}: ${questions} questions${resumed > 0 ? `, ${resumed} of them answered before` : ''}`,
    ...Object.entries(metrics).map(
      ([metric, { value, standardError }]) => `  ${metric} ${withError(value, standardError)}`,
    ),
    ...(leftOut > 0 ? [`  ${leftOut} rows are no questions of this task`] : []),
    `  ${join(folder, results)}`,
  ].join('\n');
}
