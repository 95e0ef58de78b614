// `nesso eval import`: results and answers of a harness, or a printed table, into evals/results of a workspace.
import { text as readAll } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { checkpointNamed } from '../../core/lib/evaluations/checkpoint-of.ts';
import { readPlaces } from '../../core/services/evaluations/results/checkpoint-places.ts';
import { importResults } from '../../core/services/evaluations/results/import-results.ts';
import type { CommandContext } from '../command.ts';
import { problemLines } from '../evaluation-text.ts';
import { withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';

interface ImportOptions extends WorkspaceOption {
  readonly model?: string;
  readonly run?: string;
  readonly step?: number;
  readonly name?: string;
  readonly answers: boolean;
}

const FROM_PIPE = '-';

function stepNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('Must be the number of a step.');
  return value;
}

export function registerEvalImport(evaluation: Command, context: CommandContext): void {
  withWorkspaceOption(
    evaluation
      .command('import')
      .description(
        'bring results into the workspace: files, folders, or - for a printed table on standard input',
      )
      .argument('<paths...>', 'results_….json of lm-eval or lighteval, a table as text, or folders')
      .option('--model <name>', 'whose results these are, instead of the name in them')
      .option('--run <id>', 'the run whose checkpoint was measured')
      .option('--step <number>', 'the step of that checkpoint', stepNumber)
      .option('--name <name>', 'the folder below evals/results')
      .option('--no-answers', 'leave the files with answers where they are'),
  ).action(
    context.action(async (paths: readonly string[], options: ImportOptions) => {
      const root = context.findWorkspace(options.workspace);
      const table = paths.includes(FROM_PIPE) ? await readAll(process.stdin) : null;
      const { runs } = await readPlaces(root, context.signal);
      const named = options.model === undefined ? null : checkpointNamed(options.model, (id) => runs.has(id));
      const outcome = await importResults(
        root,
        {
          paths: paths.filter((path) => path !== FROM_PIPE).map((path) => resolve(path)),
          table,
          model: options.model ?? null,
          run: options.run ?? named?.run ?? null,
          step: options.step ?? named?.step ?? null,
          name: options.name ?? null,
          withAnswers: options.answers,
        },
        context.signal,
      );
      context.print(outcome, () =>
        [
          ...outcome.imported.map(({ folder, model, results, files, alreadyThere }) =>
            alreadyThere
              ? `${folder} holds these ${results} results already`
              : `${folder}: ${results} results of ${model} in ${files.length} ${files.length === 1 ? 'file' : 'files'}`,
          ),
          ...problemLines(outcome.problems),
        ].join('\n'),
      );
      return 0;
    }),
  );
}
