// `nesso suite`: prompt suites run over models and checkpoints, and what came of it.
import type { Command } from 'commander';
import type { StudioClient } from '../../core/api/contract.ts';
import { runId } from '../../core/api/launches.ts';
import { StudioError } from '../../core/api/errors.ts';
import type { SuiteAnswer, SuiteModel, SuiteTable } from '../../core/api/suites.ts';
import { formatShare } from '../../core/lib/format/numbers.ts';
import { measureInfo, type MeasureKind } from '../../core/lib/suites/measures.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';

interface RunOptions extends WorkspaceOption {
  readonly models?: string;
  readonly run?: string;
  readonly steps?: string;
}

export function registerSuite(program: Command, context: CommandContext): void {
  const suite = program
    .command('suite')
    .description('the same prompts to several models or checkpoints, checked and compared');

  withWorkspaceOption(suite.command('list').description('list the suites of the workspace')).action(
    context.action(async (options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const list = await client.suites.list(undefined, { signal: context.signal });
        context.print(list, () =>
          list.length === 0
            ? 'No suites yet; nesso suite examples adds two'
            : table(
                ['Suite', 'Title', 'Prompts', 'Samplers', 'Models', 'Problem'],
                list.map((one) => [
                  one.name,
                  one.title,
                  String(one.prompts),
                  String(one.samplers),
                  String(one.models),
                  one.problem ?? '',
                ]),
              ),
        );
        return list.some(({ problem }) => problem !== null) ? 1 : 0;
      }),
    ),
  );

  withWorkspaceOption(
    suite.command('examples').description('copy the shipped suites into the workspace'),
  ).action(
    context.action(async (options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const { added } = await client.suites.addExamples(undefined, { signal: context.signal });
        context.print({ added }, () =>
          added.length === 0 ? 'They are there already' : added.map((name) => `suites/${name}`).join('\n'),
        );
        return 0;
      }),
    ),
  );

  withWorkspaceOption(suite.command('run <suite>'))
    .description('ask models all prompts; what is answered already is not asked again')
    .option('--models <paths>', 'models of the workspace, separated by commas')
    .option('--run <id>', 'the models made of this run’s checkpoints')
    .option('--steps <list>', 'of the run only these steps, separated by commas')
    .action(
      context.action(async (name: string, options: RunOptions) =>
        inWorkspace(context, options, async (client) => {
          const models = await modelsOf(client, name, options);
          await client.suites.start({ suite: name, models: [...models] }, { signal: context.signal });
          const { failure, skipped } = await follow(context, client, name);
          const result = await client.suites.table({ suite: name });
          const own = result.models.filter(({ path }) => models.includes(path));
          const alerts = result.alerts.filter(({ path }) => models.includes(path));
          context.print({ suite: name, models: own, alerts, skipped, failure }, () =>
            [
              modelTable(own),
              ...skipped.map(({ path, reason }) => `${path}: ${reason}`),
              ...(failure === null ? [] : [`${failure.message}\n  ${failure.hint}`]),
              ...alertLines(result, alerts),
            ].join('\n'),
          );
          return failure === null && own.length > 0 ? 0 : 1;
        }),
      ),
    );

  withWorkspaceOption(suite.command('table <suite>'))
    .description('the answers that are there: models against prompts, with marks')
    .option('--prompts', 'a row for every prompt')
    .action(
      context.action(async (name: string, options: WorkspaceOption & { readonly prompts?: true }) =>
        inWorkspace(context, options, async (client) => {
          const result = await client.suites.table({ suite: name }, { signal: context.signal });
          context.print(result, () => {
            if (result.models.length === 0) return 'No answers yet; nesso suite run makes them';
            return [
              modelTable(result.models),
              ...(options.prompts ? ['', promptTable(result)] : []),
              ...alertLines(result, result.alerts),
            ].join('\n');
          });
          return 0;
        }),
      ),
    );

  withWorkspaceOption(suite.command('answers <suite> <prompt>'))
    .description('what every model, or one of them, answered to a prompt')
    .option('--model <path>', 'only this model')
    .action(
      context.action(
        async (name: string, prompt: string, options: WorkspaceOption & { readonly model?: string }) =>
          inWorkspace(context, options, async (client) => {
            const { models } = await client.suites.table({ suite: name }, { signal: context.signal });
            const paths = options.model === undefined ? models.map(({ path }) => path) : [options.model];
            const found: { model: string; answers: SuiteAnswer[] }[] = [];
            for (const model of paths) {
              const { answers } = await client.suites.answers({ suite: name, model, prompt });
              found.push({ model, answers });
            }
            context.print(found, () =>
              found
                .flatMap(({ model, answers }) =>
                  answers.map(({ sampler, text, mark, checks }) =>
                    [
                      `${model} · ${sampler} · ${mark}`,
                      ...checks
                        .filter(({ passed }) => passed === false)
                        .map(({ words, reason }) => `  ${words}: ${reason}`),
                      text.trim(),
                      '',
                    ].join('\n'),
                  ),
                )
                .join('\n'),
            );
            return 0;
          }),
      ),
    );
}

async function modelsOf(
  client: StudioClient,
  suite: string,
  options: RunOptions,
): Promise<readonly string[]> {
  if ((options.models === undefined) === (options.run === undefined)) {
    throw new StudioError('INVALID_INPUT', 'Say which models to ask', {
      hint: 'Either --models models/a.gguf,models/b.gguf or --run ID',
    });
  }
  if (options.models !== undefined) return listOf(options.models);
  const run = runId.parse(options.run);
  const candidates = await client.suites.candidates({ suite, run });
  const steps = options.steps === undefined ? null : listOf(options.steps).map(Number);
  const wanted = candidates.filter((one) => steps === null || steps.includes(one.run?.step ?? -1));
  const made = wanted.flatMap(({ path, problem }) => (path === null || problem !== null ? [] : [path]));
  if (made.length > 0) return made;
  const unmade = wanted.length;
  throw new StudioError(
    'NOT_FOUND',
    `The run ${run} has no model ${steps === null ? 'yet' : 'of these steps'}`,
    {
      hint:
        unmade === 0
          ? 'nesso checkpoint list shows which steps were saved'
          : `${unmade} of its checkpoints have to be pulled and converted first: nesso checkpoint open`,
    },
  );
}

const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const NOTE_INTERVAL_MS = 3000;

/** Until the run has ended; Ctrl-C stops it, and what is answered stays. */
async function follow(context: CommandContext, client: StudioClient, suite: string) {
  let notedMs = performance.now();
  const stop = () => void client.suites.stop({ suite }).catch(() => undefined);
  context.signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const state of await client.suites.watch({ suite })) {
      const { running } = state;
      if (running === null) {
        context.signal.throwIfAborted();
        return state;
      }
      if (performance.now() - notedMs < NOTE_INTERVAL_MS) continue;
      notedMs = performance.now();
      context.note(`${running.done} of ${running.total} answers · ${running.model}`);
    }
  } finally {
    context.signal.removeEventListener('abort', stop);
  }
  throw new StudioError('CANCELLED', 'The run of the suite was stopped', {
    hint: 'The same command goes on where it was',
  });
}

function modelTable(models: readonly SuiteModel[]): string {
  const value = (model: SuiteModel, kind: MeasureKind, text: (value: number) => string): string => {
    const found = model.measures.find((one) => one.kind === kind);
    return found === undefined ? '–' : text(found.value);
  };
  const share = (number: number): string => formatShare(number);
  return table(
    ['Model', 'Step', 'Answers', 'Pass', 'Share', 'Repetition', 'Ends', 'Tokens', 'Language', 'JSON'],
    models.map((model) => [
      model.path,
      model.run === null ? '–' : String(model.run.step),
      String(model.answers),
      String(model.passed),
      value(model, 'score', share),
      value(model, 'repetition', share),
      value(model, 'ends', share),
      value(model, 'length', (number) => number.toFixed(1)),
      value(model, 'language', share),
      value(model, 'json', share),
    ]),
  );
}

const signs: Readonly<Record<string, string>> = { p: 'pass', f: 'fail', u: 'free', '-': '·' };

function promptTable({ prompts, models }: SuiteTable): string {
  return table(
    ['Prompt', ...models.map(({ name }) => name)],
    prompts.map(({ id }, row) => [
      id,
      ...models.map(({ marks }) =>
        (marks[row] ?? '')
          .split('')
          .map((letter) => signs[letter] ?? letter)
          .join(' '),
      ),
    ]),
  );
}

function alertLines({ models }: Pick<SuiteTable, 'models'>, alerts: SuiteTable['alerts']): readonly string[] {
  const nameOf = (path: string) => models.find((model) => model.path === path)?.name ?? path;
  return alerts.map(({ kind, path, beforePath, before, after, noise, direction, moved }) => {
    const { title, unit } = measureInfo[kind];
    const text = (value: number) =>
      unit === 'share' ? formatShare(value) : value.toFixed(unit === 'bits' ? 3 : 1);
    return `${direction}: ${title} ${text(before)} → ${text(after)} from ${nameOf(beforePath)} to ${nameOf(path)} (noise ${text(noise)}; ${moved.slice(0, 5).join(', ')})`;
  });
}
