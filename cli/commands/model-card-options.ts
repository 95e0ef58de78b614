// What a person says of a model's card on the command line, the same for every command that writes one.
import { type Command, InvalidArgumentError } from 'commander';
import { type CardFields, cardFields } from '../../core/api/conversion.ts';

export interface CardOptions {
  readonly language?: readonly string[];
  readonly license?: string;
  readonly base?: readonly string[];
  readonly dataset?: readonly string[];
  readonly summary?: string;
  readonly metric?: readonly string[];
}

function another(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function metric(value: string, before: readonly string[] = []): readonly string[] {
  if (!/^[^=]+=.+$/.test(value))
    throw new InvalidArgumentError('Write name=value, such as "ARC-it, 5 shots=31.2"');
  return [...before, value];
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
    .option('--metric <name=value>', 'result of an evaluation, for its card; several times', metric);
}

export function cardOf(options: CardOptions): CardFields {
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
