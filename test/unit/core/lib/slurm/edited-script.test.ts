// Batch scripts that a person edited: what is put back, what is refused, and that bash still does what both wanted.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchScript } from '../../../../../core/lib/slurm/batch-script.ts';
import { readDirectives, resourcesOf } from '../../../../../core/lib/slurm/directives.ts';
import { completeScript, isRefused } from '../../../../../core/lib/slurm/edited-script.ts';
import { wholeResources } from '../../../../../core/lib/slurm/resources.ts';

const name = 'My run';
const scriptWith = (token: string, command = ['sh', '-c', 'exit 3']): string =>
  batchScript({
    name,
    token,
    command,
    resources: wholeResources({ partition: 'long', gpusPerNode: 2, walltime: '1:00:00' }),
    surroundings: { modules: [], environment: {}, prologue: '' },
  });
const generated = scriptWith('TOKEN');
const complete = (text: string) => completeScript(text, { name, token: 'abc123' });

describe('an edited batch script', () => {
  it('that was not edited becomes the generated one, token and all', () => {
    const { text, notes } = complete(generated);
    expect(notes).toEqual([]);
    expect(text).toBe(scriptWith('abc123'));
  });

  it('keeps what a person changed and added', () => {
    const edited = generated
      .replace('--partition=long', '--partition=boost --reservation=paper')
      .replace('# In the background', 'module load cuda/12\n# In the background');
    const { text, notes } = complete(edited);
    expect(notes).toEqual([]);
    expect(text).toContain('#SBATCH --partition=boost --reservation=paper\n');
    expect(text).toContain('module load cuda/12\n');
  });

  it.each([
    ['job-name', /^#SBATCH --job-name=.*\n/m, '#SBATCH --job-name=my-run.abc123\n'],
    ['comment', /^#SBATCH --comment=.*\n/m, '#SBATCH --comment=nesso:abc123\n'],
    ['output', /^#SBATCH --output=.*\n/m, '#SBATCH --output=log.txt\n'],
    ['open-mode', /^#SBATCH --open-mode=.*\n/m, '#SBATCH --open-mode=append\n'],
  ])('gets its %s back, with a sentence', (_, line, wanted) => {
    for (const edited of [
      generated.replace(line, ''),
      generated.replace(line, '#SBATCH -J other -o elsewhere.txt\n'),
    ]) {
      const { text, notes } = complete(edited);
      expect(text.split(wanted)).toHaveLength(2);
      expect(notes.map(({ kind }) => kind)).toContain('restored');
      expect(notes.every(({ reason }) => reason !== '')).toBe(true);
      expect(text).not.toMatch(/elsewhere|-J other|=other/);
    }
  });

  it('keeps other options of a line whose name is put back', () => {
    const { text } = complete(
      generated.replace(/^#SBATCH --job-name=.*$/m, '#SBATCH -J "my job" --mail-type=END'),
    );
    expect(text).toContain('#SBATCH --mail-type=END\n');
    expect(text).toContain('#SBATCH --job-name=my-run.abc123\n');
  });

  it('that becomes an array writes a log a task', () => {
    const { text, notes } = complete(
      generated.replace('#SBATCH --time', '#SBATCH --array=0-3\n#SBATCH --time'),
    );
    expect(text).toContain('#SBATCH --output=log-%a.txt\n');
    expect(notes).toEqual([]);
  });

  it.each([
    ['no shebang', (text: string) => text.replace('#!/bin/bash\n', ''), 1],
    ['another interpreter', (text: string) => text.replace('#!/bin/bash', '#!/usr/bin/env python3'), 1],
    [
      'another folder',
      (text: string) => text.replace('#SBATCH --time', '#SBATCH -D /scratch\n#SBATCH --time'),
      null,
    ],
    [
      'a trap on EXIT',
      (text: string) => text.replace('\nchild=$!', "\ntrap 'rm -rf tmp' EXIT\nchild=$!"),
      null,
    ],
    ['exec', (text: string) => text.replace('\nsh -c', '\nexec sh -c'), null],
    ['a zero byte', (text: string) => `${text}\0`, null],
  ])('with %s is refused with its reason', (_, edit, line) => {
    const edited = edit(generated);
    expect(edited).not.toBe(generated);
    const { notes } = complete(edited);
    expect(isRefused(notes)).toBe(true);
    const refused = notes.find(({ kind }) => kind === 'refused');
    expect(refused?.reason).not.toBe('');
    if (line !== null) expect(refused?.line).toBe(line);
  });

  it('says which directives sbatch does not read', () => {
    const { notes } = complete(`${generated}#SBATCH --mem=4G\n`);
    expect(notes).toEqual([
      expect.objectContaining({ kind: 'noted', message: 'sbatch does not read this directive' }),
    ]);
  });

  it('written by hand, with the line ends of Windows, tells its beginning and end when bash runs it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nesso-script-'));
    try {
      const { text, notes } = complete(
        '#!/bin/bash\r\n#SBATCH --mem=1G\r\necho "hello from $NESSO_RUN_FOLDER"\r\ncd /\r\nexit 7\r\n',
      );
      expect(isRefused(notes)).toBe(false);
      expect(text).not.toContain('\r');
      writeFileSync(join(folder, 'job.sh'), text);
      const ended = spawnSync('bash', ['--norc', 'job.sh'], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, SLURM_JOB_ID: '12' },
      });
      expect(ended.status).toBe(7);
      expect(ended.stdout).toBe(`hello from ${folder}\n`);
      const lines = readFileSync(join(folder, 'attempts.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
      expect(lines).toEqual([
        expect.objectContaining({ event: 'started', job: '12' }),
        expect.objectContaining({ event: 'ended', exitCode: 7 }),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('in which lines of the studio are gone or moved has them whole again, once', () => {
    const lines = generated.split('\n');
    const own = lines.flatMap((line, index) =>
      /nesso_note|NESSO_RUN_FOLDER=|^ {2,4}(?:printf|'|")/.test(line) ? [index] : [],
    );
    for (const gone of own) {
      const { text, notes } = complete(lines.filter((_, index) => index !== gone).join('\n'));
      expect(notes).toEqual([expect.objectContaining({ kind: 'restored' })]);
      expect(text.match(/^nesso_note\(\)/gm)).toHaveLength(1);
      expect(text.match(/^nesso_note started/gm)).toHaveLength(1);
      const env = { ...process.env, LC_ALL: 'C' };
      expect(spawnSync('bash', ['--norc', '-n'], { input: text, encoding: 'utf8', env }).stderr).toBe('');
    }
  });
});

describe('directives', () => {
  it('are read as sbatch reads them', () => {
    const script =
      '#!/bin/sh\n#SBATCH -N2 -p boost --gres=gpu:a100:4 # four\n# a remark\n#SBATCH --mem 64G -t 1-00:00:00 --no-requeue\n#SBATCH --account="my lab"\n\nhostname\n#SBATCH -q late\n';
    const { directives, late, firstCommand } = readDirectives(script);
    expect(resourcesOf(directives)).toEqual({
      nodes: 2,
      partition: 'boost',
      gpusPerNode: 4,
      gpuType: 'a100',
      memoryPerNodeMb: 65_536,
      walltime: '1-00:00:00',
      requeue: false,
    });
    expect(directives.find(({ option }) => option === 'account')?.value).toBe('my lab');
    expect(late).toEqual([7]);
    expect(firstCommand).toBe(6);
  });

  it('of a generated script give back what was asked for', () => {
    const { directives } = readDirectives(generated);
    expect(wholeResources(resourcesOf(directives))).toEqual(
      wholeResources({ partition: 'long', gpusPerNode: 2, walltime: '1:00:00' }),
    );
    expect(execFileSync('bash', ['--norc', '-n'], { input: generated, encoding: 'utf8' })).toBe('');
  });
});
