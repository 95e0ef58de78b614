// `nesso eval run`: a multiple-choice benchmark with a model file of this computer.
import { basename, join, relative, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import { CHOICE_TASK_NAMES, type ChoiceTask, choiceTask } from '../../core/lib/evaluations/choice-tasks.ts';
import { createChatEngine } from '../../core/services/chat/engine.ts';
import { RESULTS_FOLDER } from '../../core/services/evaluations/import-results.ts';
import { readRows } from '../../core/services/evaluations/read-rows.ts';
import { type ChoiceOutcome, runChoices } from '../../core/services/evaluations/run-choices.ts';
import { createFingerprints } from '../../core/services/models/fingerprints.ts';
import { createSettingsFile } from '../../core/services/system/settings.ts';
import type { CommandContext } from '../command.ts';
import { withError } from '../evaluation-text.ts';
import { withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { openLab } from '../quality-lab.ts';

interface RunOptions extends WorkspaceOption {
  readonly questions: string;
  readonly examples?: string;
  readonly shots: number;
  readonly limit?: number;
  readonly context?: number;
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
      .description(
        'answer a multiple-choice benchmark by likelihood, as lm-eval defines it; stopped, it goes on',
      )
      .argument('<task>', CHOICE_TASK_NAMES)
      .argument('<model>', 'GGUF file')
      .requiredOption('--questions <file>', 'rows of the benchmark’s data set: JSONL or Parquet')
      .option('--examples <file>', 'rows of its examples; the first of them are shown before each question')
      .option('--shots <number>', 'examples before each question', whole, 0)
      .option('--limit <number>', 'only the first questions; results of a part are no benchmark', whole)
      .option('--context <tokens>', 'tokens of the context; what is too long is cut on the left', whole)
      .option('--out <folder>', 'for results and answers; evals/results/<model> of the workspace without it'),
  ).action(
    context.action(async (name: string, model: string, options: RunOptions) => {
      const task = choiceTask(name);
      if (task === null) {
        throw new StudioError('INVALID_INPUT', `${name} is no multiple-choice task that can be run here`, {
          hint: `There are ${CHOICE_TASK_NAMES}`,
        });
      }
      checkShots(task, options);
      const outcome = await run(context, task, resolve(model), options);
      context.print(outcome, () => outcomeText(outcome));
      return 0;
    }),
  );
}

function checkShots(task: ChoiceTask, { shots, examples }: RunOptions): void {
  if (shots === 0) return;
  if (task.examples === null) {
    throw new StudioError('INVALID_INPUT', `${task.name} can be run without examples only`, {
      hint: 'The harness draws its examples at random: other examples would be another benchmark',
    });
  }
  if (examples === undefined) {
    throw new StudioError('INVALID_INPUT', `${shots} examples are wanted, but no file of them is named`, {
      hint: 'Name the training or development split with --examples',
    });
  }
}

async function run(
  context: CommandContext,
  task: ChoiceTask,
  modelPath: string,
  options: RunOptions,
): Promise<ChoiceOutcome & { readonly folder: string; readonly leftOut: number }> {
  const { signal, appFolder } = context;
  let lab: ReturnType<typeof openLab> | null = null;
  const openEngine = () => (lab ??= openLab(context));
  const settings = createSettingsFile(context.stateFolder);
  const engine = createChatEngine({ appFolder, settings: () => settings.read() });
  try {
    const rows = await readRows(resolve(options.questions), openEngine, signal);
    const all = rows.flatMap((row) => task.documentOf(row) ?? []);
    const examples =
      options.shots === 0 || options.examples === undefined
        ? []
        : (await readRows(resolve(options.examples), openEngine, signal)).flatMap(
            (row) => task.documentOf(row) ?? [],
          );
    if (examples.length < options.shots) {
      throw new StudioError(
        'INVALID_INPUT',
        `The file has ${examples.length} examples, not ${options.shots}`,
        {
          hint: 'Ask for fewer --shots',
        },
      );
    }
    const place = placeOf(context, modelPath, options);
    const { modelKey } = await createFingerprints().of(modelPath);
    const outcome = await runChoices({
      task,
      model: { path: modelPath, name: place.model, key: modelKey },
      documents: all.slice(0, options.limit ?? all.length),
      available: all.length,
      examples: examples.slice(0, options.shots),
      contextTokens: options.context ?? null,
      folder: place.folder,
      engine,
      studioVersion: context.version,
      signal,
      onProgress: ({ done, total, metrics }) =>
        context.note(
          `${done} of ${total} · ${Object.entries(metrics)
            .map(([metric, { value, standardError }]) => `${metric} ${withError(value, standardError)}`)
            .join(' · ')}`,
        ),
    });
    return { ...outcome, folder: place.folder, leftOut: rows.length - all.length };
  } finally {
    await engine.dispose();
    await (lab as ReturnType<typeof openLab> | null)?.[Symbol.asyncDispose]();
  }
}

/** Named as a person finds it in the workspace, so that a checkpoint’s step is in the name. */
function placeOf(
  context: CommandContext,
  modelPath: string,
  { out, workspace }: RunOptions,
): { readonly model: string; readonly folder: string } {
  const root = out === undefined || workspace !== undefined ? context.findWorkspace(workspace) : null;
  const inside = root === null ? '' : relative(root, modelPath).replaceAll('\\', '/');
  const model = inside === '' || inside.startsWith('..') ? basename(modelPath) : inside;
  const folder = model.replace(/\.gguf$/i, '').replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');
  return { model, folder: out === undefined ? join(root ?? '', RESULTS_FOLDER, folder) : resolve(out) };
}

function outcomeText({
  task,
  questions,
  resumed,
  metrics,
  folder,
  results,
  leftOut,
}: ChoiceOutcome & { readonly folder: string; readonly leftOut: number }): string {
  return [
    `${task}: ${questions} questions${resumed > 0 ? `, ${resumed} of them answered before` : ''}`,
    ...Object.entries(metrics).map(
      ([metric, { value, standardError }]) => `  ${metric} ${withError(value, standardError)}`,
    ),
    ...(leftOut > 0 ? [`  ${leftOut} rows are no questions of this task`] : []),
    `  ${join(folder, results)}`,
  ].join('\n');
}
