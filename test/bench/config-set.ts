// One value changed in a commented file of 631 lines: our edit by range against `yaml` parse, set and print.
// Exports: bench. Both run in turns in the same process, so that a busy machine slows both.
import { parseDocument } from 'yaml';
import { parseConfig } from '../../core/lib/config/document.ts';
import { applyEdits, setValue } from '../../core/lib/config/edit.ts';
import { configFindings } from '../../core/lib/config/validate.ts';
import type { Measurement } from './measurement.ts';

const ROUNDS = 40;
const WARMUP_ROUNDS = 10;

/** 631 lines, every third one a comment or commented, sections of the size of a real config. */
export function commentedConfig(): string {
  const lines = ['# A long config, written for this measurement'];
  for (let section = 0; lines.length < 625; section += 1) {
    lines.push(`section_${section}:  # part ${section}`);
    for (let key = 0; key < 18 && lines.length < 628; key += 1) {
      if (key % 6 === 5) lines.push(`  # the next value was found by search ${key}`);
      lines.push(
        key % 4 === 3
          ? `  name_${key}: 'text ${key}'`
          : `  value_${key}: ${key}.5e-0${key % 9}  # chosen in run ${key}`,
      );
    }
    lines.push('  folders:', '  - /data/italian', '  - /data/code  # half');
  }
  while (lines.length < 631) lines.push('# end');
  return `${lines.slice(0, 631).join('\n')}\n`;
}

function medianMs(samples: readonly number[]): number {
  return samples.toSorted((left, right) => left - right)[Math.floor(samples.length / 2)] ?? 0;
}

function timeMs(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function compare(
  name: string,
  limit: number,
  pair: { readonly ours: () => unknown; readonly anchor: () => unknown },
): Measurement {
  const ours: number[] = [];
  const anchor: number[] = [];
  for (let round = 0; round < ROUNDS + WARMUP_ROUNDS; round += 1) {
    const oursMs = timeMs(pair.ours);
    const anchorMs = timeMs(pair.anchor);
    if (round < WARMUP_ROUNDS) continue;
    ours.push(oursMs);
    anchor.push(anchorMs);
  }
  return {
    name,
    oursMs: medianMs(ours),
    anchorMs: medianMs(anchor),
    anchor: 'yaml parseDocument + setIn + toString',
    limit,
  };
}

/** The edit of an existing value, of a missing key, and a whole parse, each against the library's round trip. */
export async function bench(): Promise<readonly Measurement[]> {
  const text = commentedConfig();
  const section = 'section_14';
  const throughLibrary = (key: string) => () => {
    const document = parseDocument(text);
    document.setIn([section, key], 0.25);
    return document.toString();
  };
  const throughEdit = (key: string) => () => {
    const result = setValue(text, [section, key], 0.25);
    if ('error' in result) throw new Error(result.error);
    return applyEdits(text, result.edits);
  };
  return [
    compare('config set, existing value, 631 lines', 0.8, {
      ours: throughEdit('value_6'),
      anchor: throughLibrary('value_6'),
    }),
    compare('config set, missing key, 631 lines', 0.8, {
      ours: throughEdit('fresh'),
      anchor: throughLibrary('fresh'),
    }),
    compare('config read and check, 631 lines', 2, {
      ours: () => configFindings(parseConfig(text), 'nanotron'),
      anchor: throughLibrary('value_6'),
    }),
  ];
}
