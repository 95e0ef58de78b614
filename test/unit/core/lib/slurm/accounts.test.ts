// sacct's answers, as Slurm 22.05 with slurmdbd gives them.
import { expect, it } from 'vitest';
import { accountsScript, parseAccounts } from '../../../../../core/lib/slurm/accounts.ts';
import { FIELD } from '../../../../../core/lib/remote/answer-parts.ts';

const answer = [
  ['7', 'ca.1a', 'CANCELLED by 1003', '2026-11-22T09:00:00'],
  ['8', 'b.2b', 'RUNNING', '2026-11-22T09:10:00'],
  ['8', 'b.2b', 'PREEMPTED', '2026-11-22T09:01:00'],
  ['8', 'b.2b', 'NODE_FAIL', '2026-11-22T09:05:00'],
  ['9', 'never', 'CANCELLED by 0', 'None'],
  ['who', '1003', 'ada'],
]
  .map((fields) => fields.join(FIELD))
  .join('\n');

it('are read in the order of the starts, users by name', () => {
  expect(
    parseAccounts(answer)
      .filter(({ jobId }) => jobId === '8')
      .map(({ state }) => state),
  ).toEqual(['PREEMPTED', 'NODE_FAIL', 'RUNNING']);
  expect(parseAccounts(answer).find(({ jobId }) => jobId === '7')?.state).toBe('CANCELLED by ada');
  expect(parseAccounts(answer).at(-1)?.state).toBe('CANCELLED by 0');
  expect(parseAccounts('')).toEqual([]);
});

it('only numbers are asked for', () => {
  expect(accountsScript(['7', '8; rm -rf ~'])).toContain(' -j 7 ');
});
