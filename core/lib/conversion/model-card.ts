// The card of a model folder that is ready to be published: what can be known from its files, and what a person has to add.
import { formatInteger } from '../format/numbers.ts';
import type { ModelConfig } from './model-config.ts';
import type { FloatType } from './tensor-rows.ts';

export interface CardFacts {
  readonly name: string;
  readonly config: ModelConfig;
  readonly parameters: number;
  readonly type: FloatType;
  readonly sourceSha256: string;
  readonly chat: boolean;
}

/** Markdown with the hub's front matter. */
export function modelCard({ name, config, parameters, type, sourceSha256, chat }: CardFacts): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Architecture', config.architecture === 'llama' ? 'Llama' : 'Qwen2'],
    ['Parameters', formatInteger(parameters)],
    ['Layers', formatInteger(config.layers)],
    ['Hidden size', formatInteger(config.hiddenSize)],
    ['Attention heads', `${config.heads}, ${config.keyValueHeads} of keys and values`],
    ['Vocabulary', formatInteger(config.vocabularySize)],
    ['Context', `${formatInteger(config.contextLength)} tokens`],
    ['Output matrix', config.tied ? 'the embedding' : 'its own'],
    ['Numbers', type],
    ['SHA-256 of the weights', `\`${sourceSha256}\``],
  ];
  return [
    '---',
    'library_name: transformers',
    'pipeline_tag: text-generation',
    ...(chat ? ['tags:', '- conversational'] : []),
    '---',
    '',
    `# ${name}`,
    '',
    '<!-- Say in two sentences what the model is for and what it was trained on. -->',
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([key, value]) => `| ${key} | ${value} |`),
    '',
    '## Data',
    '',
    '<!-- Name the datasets, their shares, how they were filtered, and their licences. -->',
    '',
    '## Evaluation',
    '',
    '<!-- Name tasks, shots and versions, with standard errors. -->',
    '',
    '## Limits',
    '',
    '<!-- What it does badly, and what it must not be used for. -->',
    '',
  ].join('\n');
}
