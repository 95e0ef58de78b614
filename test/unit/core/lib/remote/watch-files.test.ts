// Looks at many files at once, and folders as they are browsed: what the other side prints, and what is made of it.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { browseScript, parseBrowsed } from '../../../../../core/lib/remote/browse.ts';
import { quoteWord } from '../../../../../core/lib/remote/quote.ts';
import {
  lookScript,
  NO_LIST,
  parseLook,
  watchListScript,
} from '../../../../../core/lib/remote/watch-files.ts';
import { findLogsScript, parseFoundLogs } from '../../../../../core/lib/runs/find-logs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nesso-look-'));
  mkdirSync(join(folder, 'd'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As the remote loop runs it. */
const run = (script: string): string =>
  execFileSync('sh', ['-c', `d=${quoteWord(join(folder, 'd'))}\n${script}`], { encoding: 'utf8' });

describe('a look', () => {
  it('answers what is there, then only what changed', () => {
    const paths = ['plain', `it's "odd" $(x) \\n`, 'later'].map((name) => join(folder, name));
    const [plain = '', odd = '', later = ''] = paths;
    writeFileSync(plain, 'one');
    writeFileSync(odd, '');
    run(watchListScript('a1', paths, null));
    const look = () => parseLook(run(lookScript('a1')), paths.length).map(({ index, size }) => [index, size]);
    expect(look()).toEqual([
      [0, 3],
      [1, 0],
    ]);
    expect(look()).toEqual([]);
    appendFileSync(odd, 'more');
    writeFileSync(later, '!');
    expect(look()).toEqual([
      [1, 4],
      [2, 1],
    ]);
    rmSync(plain);
    expect(look()).toEqual([]);
  });

  it('says when it knows no list, and refuses what it cannot hold', () => {
    const failing = () => run(lookScript('b2'));
    expect(failing).toThrow();
    try {
      failing();
    } catch (error) {
      expect((error as { status: number }).status).toBe(NO_LIST);
    }
    expect(() => watchListScript('c', ['a\nb'], null)).toThrow(RangeError);
    expect(() => parseLook('7 1 1\n', 3)).toThrow(RangeError);
    expect(() => parseLook('stat: no such file\n', 3)).toThrow(RangeError);
  });

  it('of a list that took the place of another leaves nothing of it', () => {
    run(watchListScript('a1', [join(folder, 'x')], null));
    run(watchListScript('a2', [join(folder, 'y')], 'a1'));
    expect(() => run(lookScript('a1'))).toThrow();
    expect(run(lookScript('a2'))).toBe('');
  });
});

describe('logs below the folder of a run', () => {
  it('are found with odd names, without what travelled along and what is too deep', () => {
    const at = join(folder, `a run's`);
    const files = [
      'logs/rank 1.log',
      'log.txt',
      'inputs/x.log',
      'a/b/c/d/e/f.log',
      'metrics-3.jsonl',
      '.git/y.log',
    ];
    for (const name of [...files, 'tb/events.out.tfevents.1.h']) {
      mkdirSync(join(at, name, '..'), { recursive: true });
      writeFileSync(join(at, name), '');
    }
    const found = (withCurves: boolean, brings: readonly string[] = []) => {
      const sought = [
        { withCurves, brings },
        { withCurves: false, brings },
      ];
      return parseFoundLogs(run(findLogsScript([quoteWord(at), quoteWord('/nowhere')], sought)), sought);
    };
    expect(found(false).map((names) => [...names].sort())).toEqual([
      ['logs/rank 1.log', 'metrics-3.jsonl'],
      [],
    ]);
    expect(found(true)[0]).toContain('tb/events.out.tfevents.1.h');
    const results = ['results/t/m/results_1.json', 'results/t/m/samples_t_1.jsonl', 'results/a\\b.json'];
    for (const name of [...results, 'results/.cache/x', 'results of another/y.json']) {
      mkdirSync(join(at, name, '..'), { recursive: true });
      writeFileSync(join(at, name), name.includes('samples') ? 'x'.repeat(2_000_000) : '');
    }
    // Small ones first; a name that would be two folders elsewhere is left.
    expect(found(false, ['results'])[0]?.filter((name) => name.startsWith('results'))).toEqual(
      results.slice(0, 2),
    );
    expect(found(false)[0]?.some((name) => name.startsWith('results'))).toBe(false);
  });
});

it('a folder is browsed with names that hold anything', () => {
  mkdirSync(join(folder, 'b', 'a run'), { recursive: true });
  writeFileSync(join(folder, 'b', 'a run', 'slurm-7.out'), '');
  writeFileSync(join(folder, 'b', ' -n "x" '), '');
  const browsed = parseBrowsed(run(browseScript(quoteWord(join(folder, 'b')))));
  expect([...browsed.entries].sort((left, right) => (left.name < right.name ? -1 : 1))).toEqual([
    { name: ' -n "x" ', kind: 'file' },
    { name: 'a run', kind: 'run' },
  ]);
  expect(browsed.left).toBe(0);
});
