// How long a whole check of a long config takes: parse, schema, rules, derived numbers, quick fixes.
// The anchor is the `yaml` package parsing the same text to plain values, which is less than half of the work.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { checkConfig } from '../../core/lib/config/check.ts';
import { interleavedMedians } from './measure-pair.ts';
import type { Measurement } from './measurement.ts';

/** A config of `lines` lines: the Italian template with comments and as many data folders as it takes. */
export function longConfig(lines: number): string {
  const path = new URL('../../resources/templates/zagreus-0.4B-ita.yaml', import.meta.url);
  const text = readFileSync(path, 'utf8');
  const start = text.indexOf('      dataset_folder:');
  const head = text.slice(0, start);
  const folders = Math.floor((lines - head.split('\n').length - 2) / 3);
  const numbers = Array.from({ length: folders }, (_, index) => String(index).padStart(3, '0'));
  return [
    `${head}      dataset_folder:`,
    ...numbers.flatMap((number) => [
      `      # shard ${number}`,
      `      - tokenized/fineweb-edu-350BT/${number}`,
    ]),
    '      dataset_weights:',
    ...numbers.map(() => '      - 1.0'),
    '',
  ].join('\n');
}

/** One row per comparison; `limit` is the largest acceptable oursMs / anchorMs. */
export async function bench(): Promise<readonly Measurement[]> {
  const sound = longConfig(650);
  const defective = sound
    .replace('adam_eps: 1.0e-08', 'adam_eps: 1e-8')
    .replace('train_steps: 800000', 'train_steps: 2000000');
  const options = { nodes: 8, gpusPerNode: 4, gpu: 'a100-64', walltimeHours: 24 };
  return [
    { name: 'check a sound config of 650 lines', text: sound },
    { name: 'check a config of 650 lines with defects', text: defective },
  ].map(({ name, text }) => ({
    name,
    ...interleavedMedians(
      () => checkConfig(text, options),
      () => parse(text),
    ),
    anchor: 'yaml: parse alone',
    // Measured 1.3 to 1.8 on a shared 2-core machine; parsing with ranges is most of it.
    limit: 3,
  }));
}
