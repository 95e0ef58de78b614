// Lines of metrics read where they stand in the bytes give what JSON.parse gives, whatever numbers, keys and damage they have and
// however the bytes arrive.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readMetricsLine } from '../../../../../core/lib/logs/metrics-jsonl.ts';
import { createSeriesCollector } from '../../../../../core/lib/logs/series-collector.ts';
import { createTrainingLog } from '../../../../../core/lib/logs/training-log.ts';
import type { ColumnBuffer } from '../../../../../core/lib/series/column-buffer.ts';
import { bytes } from './lines.ts';

type Points = Readonly<Record<string, readonly [readonly number[], readonly number[]]>>;

function pointsOf(columns: ReadonlyMap<string, ColumnBuffer>): Points {
  return Object.fromEntries(
    [...columns].map(([tag, column]) => {
      const { steps, values } = column.view();
      return [tag, [[...steps], [...values]]];
    }),
  );
}

/** Every line made into an object. */
function parsed(lines: readonly string[]): { readonly points: Points; readonly skipped: number } {
  const collector = createSeriesCollector(() => {});
  let skipped = 0;
  let rows = 0;
  for (const line of lines) {
    const read = readMetricsLine(line);
    if (read === null) {
      if (line.trim() !== '') skipped += 1;
    } else if (read.step !== null || !/^\{\s*"kind"\s*:/.test(line)) {
      rows += 1;
      collector.addRow(read.names, read.step ?? rows, read.values);
    }
  }
  return { points: pointsOf(collector.columns), skipped };
}

function readInPieces(text: string, sizes: readonly number[]): { points: Points; skipped: number } {
  const data = bytes(text);
  const log = createTrainingLog('metrics.jsonl');
  for (let start = 0, turn = 0; start < data.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? data.length;
    // The array is used again by whoever reads the file.
    const piece = data.slice(start, start + size);
    log.push(piece);
    piece.fill(0x7b);
    start += size;
  }
  log.end();
  return { points: pointsOf(log.series), skipped: log.skippedLines };
}

const printed = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toExponential(3)),
  fc.integer().map(String),
  fc.constantFrom('0', '-0', '-0.0', '1e999', '-1E+400', '00', '-01', '1.', '.5', '9'.repeat(500), '+1'),
  fc.constantFrom('null', 'NaN', '-Infinity', '"text"', '[1]', '{"a":1}', 'true', '1 2'),
);
const key = fc.constantFrom('loss', 'lr', 'über', 'a b', 'time', 'total_steps', '_step', 'kind', 'x\\u0041');
const line = (keys: readonly string[], spaced: boolean) =>
  fc
    .record({
      step: fc.nat(1e6),
      values: fc.array(printed, { minLength: keys.length, maxLength: keys.length }),
    })
    .map(({ step, values }) => {
      const [comma, colon] = spaced ? [', ', ': '] : [',', ':'];
      const pairs = keys.map((name, index) => `"${name}"${colon}${values[index] ?? 0}`);
      return `{${[`"step"${colon}${step}`, ...pairs].join(comma)}}`;
    });
const file = fc
  .tuple(fc.array(key, { minLength: 1, maxLength: 4 }), fc.boolean())
  .chain(([keys, spaced]) => fc.array(line(keys, spaced), { minLength: 1, maxLength: 30 }));

it('reads every line as JSON.parse does, however the bytes arrive', () => {
  fc.assert(
    fc.property(
      file,
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      (lines, end, sizes) => {
        const whole = `{"step":0,"loss":1.5}${end}${lines.join(end)}${end}`;
        expect(readInPieces(whole, sizes)).toEqual(parsed(['{"step":0,"loss":1.5}', ...lines]));
      },
    ),
    { numRuns: 400 },
  );
});

it('is not misled by a byte that changed', () => {
  const lines = Array.from(
    { length: 6 },
    (_, index) => `{"step":${index},"loss":${2 + 1 / (index + 1)},"lr":1e-4}`,
  );
  const text = lines.join('\n');
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 0x20, max: 0x7e }), (at, code) => {
      const damaged = `${text.slice(0, at)}${String.fromCharCode(code)}${text.slice(at + 1)}\n`;
      // Such a file is taken for a log of printed dicts, whatever its name.
      fc.pre(!damaged.startsWith("{'"));
      expect(readInPieces(damaged, [64])).toEqual(parsed(damaged.split('\n')));
    }),
    { numRuns: 1500 },
  );
});

it('counts lines with breaks of their own as the lines they are', () => {
  const row = '{"step":1,"loss":2}';
  const text = `${row}\n{"step":2,"loss":3}\r{"step":3,"loss":4}\r\n\n{"step":4,\n"loss":5}\n{"step":5,"loss":6}`;
  expect(readInPieces(text, [7])).toEqual({
    points: {
      loss: [
        [1, 2, 3, 5],
        [2, 3, 4, 6],
      ],
    },
    skipped: 2,
  });
});
