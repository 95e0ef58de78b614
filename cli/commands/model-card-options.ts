// What a person says of a model's card on the command line, the same for every command that writes one.
import { type Command, InvalidArgumentError } from 'commander';
import { type CardFields, cardFields } from '../../core/api/conversion.ts';
import type { CommandContext } from '../command.ts';
import { parseRunId } from './run-manage.ts';

export interface CardOptions {
  readonly language?: readonly string[];
  readonly license?: string;
  readonly base?: readonly string[];
  readonly dataset?: readonly string[];
  readonly summary?: string;
  readonly metric?: readonly string[];
  readonly run?: string;
  readonly step?: number;
  readonly workspace?: string;
}

function another(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function metric(value: string, before: readonly string[] = []): readonly string[] {
  if (!/^[^=]+=.+$/.test(value))
    throw new InvalidArgumentError('Write name=value, such as "ARC-it, 5 shots=31.2"');
  return [...before, value];
}

function step(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It takes a whole number');
  return Number(text);
}

export function withCardOptions(command: Command): Command {
  return command
    .option(
      '--language <code>',
      'language of the model for its card: it, en; may be given several times',
      another,
    )
    .option('--license <name>', 'licence for its card, as the hub names it: apache-2.0')
    .option('--base <owner/name>', 'model it was made from, for its card; several times', another)
    .option('--dataset <name>', 'dataset it was trained on, for its card; several times', another)
    .option('--summary <text>', 'what the model is for, for its card')
    .option('--metric <name=value>', 'result of an evaluation, for its card; several times', metric)
    .option('--run <id>', 'the run that trained it: its evaluations and its data come on the card')
    .option('--step <number>', 'of that run; the newest that was evaluated without it', step)
    .option('-w, --workspace <folder>', 'where that run is (default: around the current folder)');
}

/** The same facts as in a report of the run, where one is named. */
export async function cardOf(context: CommandContext, options: CardOptions): Promise<CardFields> {
  const { run } = options;
  if (run === undefined) return saidOf(options);
  const said = saidOf(options);
  await using open = await context.openCore(context.findWorkspace(options.workspace));
  const facts = await open.client.reports.card(
    { run: parseRunId(run), step: options.step ?? null },
    { signal: context.signal },
  );
  if (facts.results.length === 0)
    context.note(`No whole evaluation of ${run} is there; nesso eval launch makes one`);
  return {
    ...said,
    results: facts.results,
    datasets: said.datasets.length > 0 ? said.datasets : facts.datasets,
  };
}

function saidOf(options: CardOptions): CardFields {
  return cardFields.parse({
    languages: options.language ?? [],
    license: options.license ?? null,
    baseModels: options.base ?? [],
    datasets: options.dataset ?? [],
    summary: options.summary ?? null,
    metrics: (options.metric ?? []).map((text) => ({
      name: text.slice(0, text.indexOf('=')).trim(),
      value: text.slice(text.indexOf('=') + 1).trim(),
    })),
  });
}
