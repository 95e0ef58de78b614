// The index of a log against the plain way: split, compare, count. Bytes come in pieces of any size.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogIndex, type LogIndex } from '../../../../../core/lib/log-view/log-index.ts';

const encoder = new TextEncoder();
const NOW = Date.UTC(2026, 3, 1);

function indexOf(text: string, pieceBytes = Number.POSITIVE_INFINITY): LogIndex {
  const index = createLogIndex(NOW);
  const bytes = encoder.encode(text);
  for (let start = 0; start < bytes.length; start += Math.min(pieceBytes, bytes.length))
    index.push(bytes.slice(start, start + Math.min(pieceBytes, bytes.length)));
  return index;
}

/** Lines that a folded view shows, by row. */
function shownLines(index: LogIndex, unfolded: readonly number[] = []): number[] {
  const rows = index.folds.rows(index.lines, index.openFold, unfolded);
  return Array.from({ length: rows }, (_, row) => index.folds.lineOfRow(row, index.openFold, unfolded).line);
}

describe('lines and places', () => {
  it('finds where any line begins, whatever the pieces', () => {
    const line = fc.oneof(
      fc.constant(''),
      fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\n', ' ')),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 400 }), fc.integer({ min: 1, max: 500 }), (lines, piece) => {
        const text = lines.map((one) => `${one}\n`).join('');
        const index = indexOf(text, piece);
        expect(index.lines).toBe(lines.length);
        const offsets: number[] = [];
        let offset = 0;
        for (const one of lines) {
          offsets.push(offset);
          offset += encoder.encode(one).length + 1;
        }
        for (const number of [0, 63, 64, 65, lines.length - 1].filter((at) => at >= 0 && at < lines.length)) {
          const place = index.places.beforeLine(number);
          expect(place.line).toBeLessThanOrEqual(number);
          expect(number - place.line).toBeLessThan(64);
          expect(place.offset).toBe(offsets[place.line]);
          const byOffset = index.places.beforeOffset(offsets[number] ?? 0);
          expect(byOffset.offset).toBe(offsets[byOffset.line]);
          expect(byOffset.line).toBeLessThanOrEqual(number);
        }
      }),
    );
  });

  it('keeps its memory when there are more lines than places', () => {
    const index = createLogIndex(NOW);
    const block = encoder.encode('x\n'.repeat(500_000));
    for (let round = 0; round < 10; round += 1) index.push(block);
    expect(index.lines).toBe(5_000_000);
    for (const line of [0, 1_234_567, 4_999_999]) {
      const place = index.places.beforeLine(line);
      expect(place.offset).toBe(place.line * 2);
      expect(line - place.line).toBeLessThan(128);
    }
  });

  it('finds lines by time, with lines that have none and clocks that go back', () => {
    const stamp = (seconds: number) => new Date(Date.UTC(2026, 2, 1) + seconds * 1000).toISOString();
    const lines = Array.from({ length: 1000 }, (_, second) => `${stamp(second)} INFO step\n  more\n`);
    lines[500] = `${stamp(3)} an old line\n  more\n`;
    const index = indexOf(lines.join(''), 333);
    const place = index.places.beforeTime(Date.UTC(2026, 2, 1) + 700_000);
    expect(place?.line).toBeLessThanOrEqual(1400);
    expect(place?.line).toBeGreaterThan(1400 - 200);
    expect(indexOf('no time\n').places.beforeTime(NOW)).toBeNull();
    expect(index.firstTimeMs).toBe(Date.UTC(2026, 2, 1));
  });

  it('counts a last line without an end, and a line longer than what is kept', () => {
    expect(indexOf('a\nb').lines).toBe(2);
    const long = `${'12%\r'.repeat(50_000)}done\nnext\n`;
    const index = indexOf(long, 4096);
    expect(index.lines).toBe(2);
    expect(index.updatesOf(0)).toBe(50_000);
    expect(index.places.beforeLine(0).offset).toBe(0);
  });
});

describe('folding', () => {
  it('folds the same line, the same but for time and rank, and warnings that differ in numbers', () => {
    const repeated = Array.from({ length: 37 }, () => 'waiting for data\n').join('');
    expect(shownLines(indexOf(`a\n${repeated}b\n`))).toEqual([0, 1, 38]);
    const ranks = Array.from({ length: 8 }, (_, rank) => `[rank${rank}]: NCCL is slow\n`).join('');
    expect(shownLines(indexOf(`${ranks}b\n`))).toEqual([0, 8]);
    const stamps = Array.from(
      { length: 5 },
      (_, second) => `12/21 01:39:5${second} [WARNING|DP=${second}|TP=0|node]: slow ${second}.5 s\n`,
    ).join('');
    expect(shownLines(indexOf(`${stamps}b\n`))).toEqual([0, 5]);
  });

  it('never folds what a training says of its steps, nor numbers by themselves, nor blank lines', () => {
    const steps = Array.from(
      { length: 20 },
      (_, step) => `12/21 01:39:51 [INFO|DP=0|TP=0|node]: iteration: ${step} / 100 | lm_loss: 2.${step}\n`,
    );
    expect(shownLines(indexOf(steps.join('')))).toHaveLength(20);
    expect(shownLines(indexOf(Array.from({ length: 20 }, (_, n) => `${n}\n`).join('')))).toHaveLength(20);
    expect(
      shownLines(indexOf(Array.from({ length: 20 }, (_, n) => `[${n}, ${n + 1}]\n`).join(''))),
    ).toHaveLength(20);
    expect(shownLines(indexOf('\n'.repeat(20)))).toHaveLength(20);
  });

  it('folds a few lines that come in turn', () => {
    const warning = (rank: number) =>
      `[rank${rank}]: a.py:12: FutureWarning: old\n[rank${rank}]:   warnings.warn(x)\n`;
    const index = indexOf(`start\n${[0, 1, 2, 3].map(warning).join('')}end\n`, 7);
    expect(shownLines(index)).toEqual([0, 1, 2, 9]);
    expect(index.folds.lineOfRow(1, index.openFold, []).run).toEqual({ firstLine: 1, period: 2, times: 4 });
    expect(shownLines(index, [1])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('numbers rows and lines both ways, open and closed, as counting does', () => {
    const word = fc.constantFrom('alpha', 'beta', 'gamma');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), fc.boolean(), (words, unfolds) => {
        const index = indexOf(words.map((one) => `${one}\n`).join(''), 11);
        const runs: number[] = [];
        for (const line of shownLines(index)) {
          const { run } = index.folds.rowOfLine(line, index.openFold, []);
          if (run && !runs.includes(run.firstLine)) runs.push(run.firstLine);
        }
        const open = unfolds ? runs.slice(0, 1) : [];
        const shown = shownLines(index, open);
        const located = words.map((_, line) => index.folds.rowOfLine(line, index.openFold, open));
        expect(located.flatMap(({ isHidden }, line) => (isHidden ? [] : [line]))).toEqual(shown);
        for (const [row, line] of shown.entries()) expect(located[line]?.row).toBe(row);
        // What is hidden says the same as what is shown a period before.
        for (const [line, { isHidden, run }] of located.entries())
          if (isHidden && run) expect(words[line]).toBe(words[line - run.period]);
      }),
    );
  });
});

describe('troubles', () => {
  const traceback = (prefix: string, error: string) =>
    ['Traceback (most recent call last):', '  File "train.py", line 10, in <module>', '    main()', error]
      .map((line) => `${prefix}${line}\n`)
      .join('');

  it('takes a traceback as one block, with its chain, and names the exception that got out', () => {
    const chain = `${traceback('', 'KeyError: 1')}\nDuring handling of the above exception, another exception occurred:\n\n${traceback('', 'ValueError: two')}`;
    const index = indexOf(`start\n${chain}end\nend\nend\nend\nend\nend\n`, 13);
    expect(index.troubles).toMatchObject([
      { kind: 'traceback', line: 1, lines: 11, title: 'ValueError: two' },
    ]);
  });

  it('knows a traceback at the very end of a file', () => {
    const index = indexOf(
      traceback('', 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB'),
    );
    expect(index.troubles).toMatchObject([{ kind: 'gpu-memory', line: 0, lines: 4 }]);
    expect(index.rootTrouble?.kind).toBe('gpu-memory');
  });

  it('tells tracebacks of several ranks apart when their lines come in turn', () => {
    const lines = [0, 1].map((rank) =>
      traceback(`[rank${rank}]: `, `RuntimeError: rank ${rank}`).trimEnd().split('\n'),
    );
    const mixed = (lines[0] ?? []).flatMap((line, at) => [line, lines[1]?.[at] ?? '']).join('\n');
    const index = indexOf(`${mixed}\n`);
    expect(index.troubles.map(({ title, rank }) => [title, rank])).toEqual([
      ['RuntimeError: rank 0', 'rank 0'],
      ['RuntimeError: rank 1', 'rank 1'],
    ]);
  });

  it('names the first cause: not the watchdogs, launchers and cancels that follow it', () => {
    const at = (second: number) => `2026-03-01 10:00:${String(second).padStart(2, '0')},000`;
    const text = [
      `[rank5]:[E301 ${at(40)} ProcessGroupNCCL.cpp:616] [Rank 5] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=12)`,
      `${at(30)} ERROR rank 3 gave up: RuntimeError: CUDA error: device-side assert triggered`,
      `${at(41)} torch.distributed.elastic.multiprocessing.errors.ChildFailedError:`,
      'slurmstepd: error: *** JOB 7 ON n1 CANCELLED AT 2026-03-01T10:00:50 ***',
    ].join('\n');
    const index = indexOf(`${text}\n`);
    expect(index.troubles.map(({ kind }) => kind)).toEqual(['nccl-timeout', 'cuda', 'launcher', 'cancelled']);
    expect(index.rootTrouble).toMatchObject({
      kind: 'cuda',
      line: 1,
      timeMs: Date.UTC(2026, 2, 1, 10, 0, 30),
    });
  });

  it('sees a traceback behind a progress bar on the same line, in colour', () => {
    const text = `${' 45%|████▌     | 45/100 [00:10<00:12]\r'.repeat(40)} 45%|████▌     | 45/100 [00:10<00:12]${traceback('', 'ValueError: x')}`;
    expect(indexOf(text, 100).troubles).toMatchObject([{ title: 'ValueError: x', lines: 4 }]);
    expect(indexOf('\u001b[31m[ERROR] it broke\u001b[0m\n').troubles).toMatchObject([
      { title: '[ERROR] it broke' },
    ]);
  });

  it('leaves ordinary words alone', () => {
    const text =
      'NCCL INFO Using network Socket, error handling async\nmse error: low\nfailed over to node 2\n[WARNING] slow\nlm_loss: 2.3 | error_rate: 0.1\n';
    expect(indexOf(text).troubles).toEqual([]);
  });
});
