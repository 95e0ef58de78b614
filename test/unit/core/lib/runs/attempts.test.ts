// The starts of one run: what each did, what was done twice, how long it waited.
import { describe, expect, it } from 'vitest';
import { attemptsOf, attemptSpans, chainOf, chainTotals } from '../../../../../core/lib/runs/attempts.ts';

const text = (lines: readonly object[]): string =>
  lines
    .map((line) =>
      JSON.stringify({
        job: '5',
        task: '',
        restart: 0,
        node: 'n1',
        exitCode: null,
        event: 'started',
        ...line,
      }),
    )
    .join('\n');

const lines = text([
  { atMs: 10_000, logBytes: 0, metricsBytes: 0 },
  { event: 'warned', atMs: 19_000 },
  { event: 'ended', exitCode: 143, atMs: 20_000 },
  { restart: 1, atMs: 50_000, node: 'n2', logBytes: 700, metricsBytes: 500 },
  { job: '9', atMs: 90_000, logBytes: 1500, metricsBytes: 900 },
]);

describe('a chain', () => {
  const spans = attemptSpans(attemptsOf(`${lines}\n{"torn":`));
  const chain = chainOf({
    spans,
    traces: [
      { firstStep: 1, lastStep: 100, stateInLog: null },
      { firstStep: 61, lastStep: 180, stateInLog: 'NODE_FAIL' },
      { firstStep: 151, lastStep: 160, stateInLog: null },
    ],
    submittedMs: 85_000,
    pastStates: ['PREEMPTED'],
  });

  it('knows where each attempt lies in the files', () => {
    expect(spans.map(({ started, next }) => [started.logBytes, next?.logBytes ?? null])).toEqual([
      [0, 700],
      [700, 1500],
      [1500, null],
    ]);
  });

  it('counts the steps that were done twice', () => {
    expect(chain.map(({ redoneSteps }) => redoneSteps)).toEqual([0, 40, 10]);
    expect(chainTotals(chain).redoneSteps).toBe(50);
  });

  it('knows how long it waited, where that can be known', () => {
    expect(chain.map(({ waitedMs }) => waitedMs)).toEqual([null, 30_000, 5_000]);
  });

  it('says why an attempt ended, by accounts, by the log, or that nobody knows', () => {
    expect(chain.map(({ reason }) => reason)).toEqual([
      'Preempted by a job of higher priority',
      'A node failed',
      null,
    ]);
    expect(chain[1]).toMatchObject({ number: 2, jobId: '5', node: 'n2', endedMs: null });
    const silent = chainOf({ spans, traces: [], submittedMs: null, pastStates: [] });
    expect(silent[1]?.reason).toBe('It was killed before it could note why');
    expect(silent[0]?.reason).toBe('Ended with exit code 143');
  });
});

it('a clock that goes wrong makes no negative wait', () => {
  const [first] = chainOf({
    spans: attemptSpans(attemptsOf(text([{ atMs: 1000 }]))),
    traces: [],
    submittedMs: 5000,
    pastStates: [],
  });
  expect(first?.waitedMs).toBe(0);
});

it('notes of an older studio, without places, are understood', () => {
  expect(attemptsOf(text([{ atMs: 1 }]))[0]).toMatchObject({ logBytes: null, metricsBytes: null });
});
