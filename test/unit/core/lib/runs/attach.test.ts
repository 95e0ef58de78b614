// What is known of a run from its folder on another computer.
import { describe, expect, it } from 'vitest';
import { parseFoundRun } from '../../../../../core/lib/runs/attach.ts';
import { PART } from '../../../../../core/lib/remote/answer-parts.ts';

const answer = (parts: Readonly<Record<string, string>>): string =>
  Object.entries({ who: 'ada\nbob\n/work/ada/run\n2000\n', ...parts })
    .map(([name, text]) => `\n${PART}${name}\n${text}`)
    .join('');

describe('a folder', () => {
  it('of this studio tells its job, its script and its config', () => {
    const found = parseFoundRun(
      answer({
        files: '10 1990 ./log.txt\n5 1995 ./metrics.jsonl\n1 1999 ./model.safetensors\n',
        job: '41\n',
        attempts: '{"event":"started","job":"42","task":""}\n',
        script: '#!/bin/bash\n#SBATCH --job-name=a.1f\n#SBATCH --array=0-3%2\n',
        config: 'inputs/a b.yaml\nlr: 1\n',
      }),
    );
    expect(found).toMatchObject({
      owner: 'ada',
      user: 'bob',
      folder: '/work/ada/run',
      jobId: '42',
      jobName: 'a.1f',
      array: '0-3%2',
      log: 'log.txt',
      hasMetrics: true,
      config: { path: 'inputs/a b.yaml', text: 'lr: 1\n' },
      quietSeconds: 5,
    });
  });

  it('of any other program is known by its newest log, and the job by the name that Slurm gave it', () => {
    const found = parseFoundRun(
      answer({ files: '1 1000 ./slurm-7.out\n1 1500 ./slurm-12.out\n1 1900 ./logs/rank_3.log\n' }),
    );
    expect(found).toMatchObject({
      log: 'slurm-12.out',
      jobId: '12',
      jobName: null,
      script: null,
      config: null,
    });
  });

  it('is taken with the very log that was asked for', () => {
    const who = 'ada\nada\n/w\n9\nodd name\n';
    expect(parseFoundRun(answer({ who, files: '3 9 ./odd name\n3 9 ./log.txt\n' }))?.log).toBe('odd name');
  });

  it('without anything of a run is none', () => {
    expect(parseFoundRun(answer({ files: '3 9 ./model.safetensors\n' }))).toBeNull();
    expect(parseFoundRun('')).toBeNull();
  });
});
