// Any value in a generated script reaches its program as it was: the script is run by a real bash, with stand-ins for srun, torchrun,
// containers and modules that say what they were called with.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArgumentParts } from '../../../../../core/lib/slurm/launch-lines.ts';
import type { Launcher } from '../../../../../core/lib/slurm/launch-lines.ts';
import { batchScript } from '../../../../../core/lib/slurm/batch-script.ts';
import { readDirectives } from '../../../../../core/lib/slurm/directives.ts';
import { completeScript } from '../../../../../core/lib/slurm/edited-script.ts';
import type { Container } from '../../../../../core/lib/slurm/launch-lines.ts';
import { wholeResources } from '../../../../../core/lib/slurm/resources.ts';

const hasBash = spawnSync('bash', ['--norc', '-c', 'true']).status === 0;

/** Each drops what is its own and starts the rest, as the real ones do. */
const standIns = {
  tell: 'printf "%s\\0" "$@" > "$TOLD"; printf "%s\\0" "$VALUE" "$PYTHONPATH" "$PWD" >> "$TOLD"',
  srun: 'while case $1 in --container-image=*) image=${1#*=}; printf "%s\\0" "$image" > "$TOLD.image";; -*) ;; *) false;; esac; do shift; done; exec "$@"',
  torchrun: 'while case $1 in -*) ;; *) false;; esac; do shift; done; exec "$@"',
  apptainer:
    'shift; while :; do case $1 in --nv) shift;; --bind) shift 2;; *) break;; esac; done; printf "%s\\0" "$1" > "$TOLD.image"; shift; exec "$@"',
  module: 'shift; printf "%s\\0" "$@" >> "$TOLD.modules"',
  scontrol: 'echo node1',
};

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'nesso it\'s "a" $HOME '));
  mkdirSync(join(root, 'bin'));
  for (const [name, body] of Object.entries(standIns)) {
    writeFileSync(join(root, 'bin', name), `#!/bin/bash\n${body}\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  }
});
afterAll(() => rmSync(root, { recursive: true }));

/** Whatever a person may paste: quotes, expansions, line ends, dashes, what a terminal takes for an order. */
const hostile = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 24 }),
    fc.string({
      unit: fc.constantFrom(
        "'",
        '"',
        '\\',
        '$',
        '`',
        '(',
        ')',
        '\n',
        '\r',
        '\t',
        ' ',
        '!',
        '*',
        '~',
        '#',
        ';',
        '&',
        '|',
        '<',
        '-',
        '=',
        '{',
        '}',
        'a',
        '\u001b',
        'é',
        '日',
      ),
      maxLength: 40,
    }),
    fc.constantFrom(
      '$(touch pwned)',
      '`touch pwned`',
      "'; touch pwned; '",
      '"; touch pwned; "',
      '-rf',
      '--help',
      '~',
      '~/x',
      '$HOME',
      '${IFS}',
      '*',
      '\n#SBATCH --uid=0\n',
      '',
      ' ',
      '\\',
      '!!',
      '%s%n',
    ),
  )
  .filter((text) => !text.includes('\0'));

const launchers: readonly Launcher[] = ['plain', 'srun', 'nodes', 'torchrun'];

describe.skipIf(!hasBash)('values in a generated script', () => {
  it('reach the program as they were, whatever starts it, and nothing else is run', () => {
    fc.assert(
      fc.property(
        fc.record({
          name: hostile,
          words: fc.array(hostile, { minLength: 1, maxLength: 4 }),
          path: hostile,
          value: hostile,
          modules: fc.array(
            hostile.filter((text) => text !== ''),
            { maxLength: 2 },
          ),
          launcher: fc.constantFrom(...launchers),
          container: fc.option(
            fc.record({
              runtime: fc.constantFrom<Container['runtime']>('apptainer', 'pyxis'),
              image: hostile.filter(
                (text) => text !== '' && !/^(?:~|\$)/.test(text) && !text.startsWith('-'),
              ),
              mounts: fc.constant(['/data it']),
            }),
          ),
          startsElsewhere: fc.boolean(),
        }),
        ({ name, words, path, value, modules, launcher, container, startsElsewhere }) => {
          const folder = mkdtempSync(join(root, 'run '));
          const there: ArgumentParts = [
            { kind: 'text', text: '--path=' },
            { kind: 'target', text: `~/${path}` },
          ];
          mkdirSync(join(root, 'else where'), { recursive: true });
          const script = batchScript({
            name,
            token: 'abc123',
            command: ['tell', ...words, there],
            resources: wholeResources({ gpusPerNode: 2 }),
            surroundings: { modules, environment: { VALUE: value }, prologue: '', container },
            launch: {
              launcher,
              startIn: startsElsewhere ? [{ kind: 'target', text: '~/else where' }] : null,
              pythonPath: [[{ kind: 'target', text: `~/${path}` }]],
            },
          });
          expect(readDirectives(script).directives).toHaveLength(9);
          expect(completeScript(script, { name, token: 'abc123' })).toEqual({ text: script, notes: [] });
          writeFileSync(join(folder, 'job.sh'), script);
          const told = join(folder, 'told');
          execFileSync('bash', ['--norc', '--noprofile', 'job.sh'], {
            cwd: folder,
            stdio: ['ignore', 'pipe', 'pipe'],
            env: {
              PATH: `${join(root, 'bin')}:${process.env['PATH']}`,
              HOME: root,
              TOLD: told,
              SLURM_NNODES: '1',
              SLURM_JOB_ID: '7',
              SLURM_JOB_NODELIST: 'n1',
            },
          });
          const read = (file: string): string[] => readFileSync(file, 'utf8').split('\0').slice(0, -1);
          expect(read(told)).toEqual([
            ...words,
            `--path=${root}/${path}`,
            value,
            `${root}/${path}`,
            startsElsewhere ? join(root, 'else where') : folder,
          ]);
          if (modules.length > 0) expect(read(`${told}.modules`)).toEqual(modules);
          if (container !== null) expect(read(`${told}.image`)).toEqual([container.image]);
          expect(spawnSync('find', [root, '-name', 'pwned']).stdout.toString()).toBe('');
          rmSync(folder, { recursive: true });
        },
      ),
      { numRuns: 40, seed: 20_261_122 },
    );
  });
});
