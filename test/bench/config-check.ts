// How long a whole check of a long config takes: parse, schema, rules, derived numbers, quick fixes.
// The anchor is the `yaml` package parsing the text to plain values (a broken one as it would be without the mistake), which is less
// than half of the work. The window may take 100 ms for an edit.
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
  const published = readFileSync(
    new URL('../../resources/sample-workspace/configs/zagreus-0.4B-ita.yaml', import.meta.url),
    'utf8',
  );
  return [
    // Measured 1.3 to 1.8 on a shared 2-core machine; parsing with ranges is most of it.
    { name: 'check a sound config of 650 lines', text: sound, like: sound, limit: 3 },
    { name: 'check a config of 650 lines with defects', text: defective, like: defective, limit: 3 },
    // Fixes in a broken text are proven by parsing their result.
    {
      name: 'check a config of 650 lines with a syntax error',
      text: sound.replace('  dp: 64', 'dp: 64\n  x: 1'),
      like: sound,
      limit: 6,
    },
    { name: 'check the published config with its syntax error', text: published, like: sound, limit: 3 },
  ].map(({ name, text, like, limit }) => ({
    name,
    ...interleavedMedians(
      () => checkConfig(text, options),
      () => parse(like),
    ),
    anchor: like === text ? 'yaml: parse alone' : 'yaml: parse a sound one of 650 lines alone',
    limit,
  }));
}
