import { expect, test } from 'vitest';
import type { TargetStatus } from '../../../../core/api/system.ts';
import { targetTitle, targetWords } from '../../../../renderer/app/target-words.ts';

const MINUTE = 60_000;
const nowMs = new Date(2026, 10, 22, 14, 5).getTime();
const quiet: TargetStatus = {
  name: 'mini',
  kind: 'slurm',
  connected: false,
  isConnecting: false,
  detail: 'not connected',
  sinceMs: null,
  retryMs: null,
  nextCheckMs: null,
  needsPerson: false,
};

test.each<[string, Partial<TargetStatus>, boolean, readonly string[]]>([
  ['nobody connected yet', {}, false, ['not connected']],
  ['connected', { connected: true, sinceMs: nowMs - 3 * MINUTE }, false, ['connected 3 min']],
  [
    'with a question for the scheduler',
    { connected: true, sinceMs: nowMs - MINUTE, nextCheckMs: nowMs + 12_000 },
    false,
    ['connected 1 min', 'next check in 12 s'],
  ],
  ['logging in', { isConnecting: true, sinceMs: nowMs }, false, ['connecting…']],
  ['ssh asks', { isConnecting: true, sinceMs: nowMs }, true, ['waits for your answer']],
  [
    'the link is lost',
    { sinceMs: nowMs - MINUTE, retryMs: nowMs + 4000 },
    false,
    ['link lost 1 min', 'next try in 4 s'],
  ],
  ['it was ended', { sinceMs: nowMs - 2 * MINUTE }, false, ['not connected', 'was until 14:03']],
  [
    'a login that was refused',
    { sinceMs: nowMs - MINUTE, needsPerson: true },
    false,
    ['needs you', 'was until 14:04'],
  ],
])('the status bar says what a target waits for: %s', (_what, change, isAsked, words) => {
  expect(targetWords({ ...quiet, ...change }, nowMs, isAsked)).toEqual(words);
});

test('the moment itself stands beside it', () => {
  expect(targetTitle(quiet)).toBe('not connected');
  expect(targetTitle({ ...quiet, connected: true, sinceMs: nowMs })).toBe(
    'Connected since 22 Nov 2026, 14:05',
  );
});
