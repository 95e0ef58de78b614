// The answer of another computer to where the logs of runs are: nothing in it leads outside a run's folder or fills memory.
import { expect, it } from 'vitest';
import { MAX_FOLLOWED, parseFoundLogs } from '../../../../../core/lib/runs/find-logs.ts';

const two = [{ brings: [] }, { brings: ['results'] }];
const found = (...lines: readonly string[]) => parseFoundLogs(lines.join('\n'), two);

it('gives every name to its run, once', () => {
  expect(found('0 log-1.txt', '1 rank-0.log', '0 log-1.txt', '0 metrics-3.jsonl', '')).toEqual([
    ['log-1.txt', 'metrics-3.jsonl'],
    ['rank-0.log'],
  ]);
});

it('takes any file of a folder that is to be brought, and of that run only', () => {
  const lines = ['1 results/m/answers.parquet', '0 results/m/answers.parquet', '1 resultsX/a.parquet'];
  expect(found(...lines)).toEqual([[], ['results/m/answers.parquet']]);
});

it('leaves out what every run has and what may not be followed', () => {
  const lines = [
    '0 log.txt',
    '0 metrics.jsonl',
    '0 ../log-1.txt',
    '1 results/../../secret.log',
    '0 a\\log-1.txt',
    '0 log-\u0007.txt',
    '2 log-1.txt',
    'x log-1.txt',
    'log-1.txt',
    ' log-1.txt',
    '-1 log-1.txt',
    '0 notes.pdf',
  ];
  for (const line of lines) expect(found(line), line).toEqual([[], []]);
});

it('follows so many files of a run and no more', () => {
  const lines = Array.from({ length: MAX_FOLLOWED + 10 }, (_, task) => `0 log-${task}.txt`);
  expect(found(...lines)[0]).toHaveLength(MAX_FOLLOWED);
});
