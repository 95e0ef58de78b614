// The board of a cluster, read from what sinfo and squeue of Slurm 22.05 print.
import { describe, expect, it } from 'vitest';
import { parseBoard } from '../../../../../core/lib/slurm/board.ts';
import { FIELD, PART } from '../../../../../core/lib/remote/answer-parts.ts';

const line = (...fields: readonly string[]): string => fields.join(FIELD);
const answer = (parts: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(parts)
    .map(([name, lines]) => `\n${PART}${name}\n${lines.join('\n')}\n`)
    .join('');

const nodes = [
  line('debug*', 'mix', '1/7/0/8', 'gpu:4', 'gpu:3', ''),
  line('debug*', 'idle', '0/8/0/8', 'gpu:4', 'gpu:(null):0(IDX:N/A)', ''),
  line('boost', 'mix', '16/16/0/32', 'gpu:a100:4(S:0-1)', 'gpu:a100:3(IDX:0-2)', ''),
  line('boost', 'drain', '0/0/32/32', 'gpu:a100:4(S:0-1)', 'gpu:a100:0(IDX:N/A)', ''),
  line('boost', 'idle*', '0/32/0/32', 'gpu:h100:8', 'gpu:h100:0', ''),
  line('boost', 'idle~', '0/32/0/32', 'gpu:h100:8', 'gpu:h100:0', ''),
];
const job = (id: string, user: string, state: string, rest: Partial<Record<string, string>> = {}): string =>
  line(
    id,
    rest['name'] ?? 'train',
    user,
    state,
    rest['reason'] ?? 'None',
    rest['partition'] ?? 'debug',
    rest['nodes'] ?? '2',
    '',
    rest['gres'] ?? 'gres:gpu:3',
    '0:04',
    '5:00',
    '2026-11-22T10:00:00',
    rest['start'] ?? 'N/A',
    '(null)',
  );

describe('the board of a cluster', () => {
  it('counts what a new job could have, by partition and type', () => {
    const { partitions } = parseBoard(answer({ who: ['me'], clock: [''], nodes, queue: [] }));
    expect(partitions).toEqual([
      {
        name: 'debug',
        isDefault: true,
        nodes: { total: 2, idle: 1, busy: 1, unusable: 0 },
        cpus: { total: 16, free: 15 },
        gpus: [{ type: 'gpu', total: 8, free: 5 }],
        running: 0,
        waiting: 0,
      },
      {
        name: 'boost',
        isDefault: false,
        // Drained, and not answering; a node that sleeps is woken for a job.
        nodes: { total: 4, idle: 1, busy: 1, unusable: 2 },
        cpus: { total: 128, free: 48 },
        gpus: [
          { type: 'a100', total: 8, free: 1 },
          { type: 'h100', total: 16, free: 8 },
        ],
        running: 0,
        waiting: 0,
      },
    ]);
  });

  it('lists my jobs first, with the moment the scheduler means to start them', () => {
    // The cluster is one hour ahead of UTC: 10:00:00 there is 09:00:00 UTC.
    const clock = [`${Date.UTC(2026, 10, 22, 9, 0, 0) / 1000} 2026-11-22T10:00:00`];
    const queue = [
      job('7', 'other', 'RUNNING', { start: '2026-11-22T09:30:00' }),
      job('8_[2-5%2]', 'me', 'PENDING', { reason: 'Resources', start: '2026-11-22T11:00:00', name: 'a | b' }),
      job('9', 'me', 'PENDING', { partition: 'boost,debug', gres: 'N/A' }),
    ];
    const { jobs, partitions } = parseBoard(answer({ who: ['me'], clock, nodes, queue }));
    expect(jobs.map(({ id, isMine }) => [id, isMine])).toEqual([
      ['8_[2-5%2]', true],
      ['9', true],
      ['7', false],
    ]);
    expect(jobs[0]).toMatchObject({
      name: 'a | b',
      reason: 'Resources',
      gpus: 6,
      limitSeconds: 300,
      startMs: Date.UTC(2026, 10, 22, 10, 0, 0),
    });
    expect(jobs[1]).toMatchObject({ gpus: 0, startMs: null });
    expect(partitions.map(({ running, waiting }) => [running, waiting])).toEqual([
      [1, 2],
      [0, 1],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['a banner', 'Welcome\n\x1b[1mto the cluster\n'],
    ['half a line', answer({ who: [], clock: ['x'], nodes: ['debug*\u001fmix'], queue: ['1\u001fa'] })],
    ['no queue', `\n${PART}nodes\n`],
  ])('is empty after %s', (_, text) => {
    expect(parseBoard(text)).toEqual({ partitions: [], jobs: [] });
  });
});
