// Packages and programs in the environment of a job: the command in real shells with a real Python, and what its answers mean.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  packageFindings,
  packageLines,
  type PackageQuestion,
  parsePackages,
} from '../../../../../core/lib/preflight/package-look.ts';
import { quoteWord } from '../../../../../core/lib/remote/quote.ts';

const noPython = spawnSync('python3', ['--version']).status !== 0;

describe('the look', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "packages it's "));
    for (const name of ['torch', 'own_tool']) mkdirSync(join(root, name));
    writeFileSync(join(root, 'torch', '__init__.py'), 'raise SystemExit("imported")');
    mkdirSync(join(root, 'own_tool-1.25.dist-info'));
    writeFileSync(join(root, 'own_tool-1.25.dist-info', 'METADATA'), 'Name: own-tool\nVersion: 1.25\n');
    writeFileSync(join(root, 'torchrun'), '#!/bin/sh\n');
    chmodSync(join(root, 'torchrun'), 0o755);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const ask = (question: Partial<PackageQuestion>) =>
    parsePackages(
      execFileSync(
        'sh',
        ['-c', packageLines({ lines: [], packages: [], programs: [], ...question }).join('\n') + '\ntrue'],
        {
          encoding: 'utf8',
        },
      ),
    );
  const lines = () => [
    'echo a banner; echo of two lines >&2',
    `export PYTHONPATH=${quoteWord(root)} PATH=${quoteWord(root)}:"$PATH"`,
    'python3() { command python3 -S "$@"; }',
  ];

  it.skipIf(noPython)('finds what is there with its version, imports nothing, and misses the rest', () => {
    const answer = ask({
      lines: lines(),
      packages: ['torch', 'own_tool', 'trl'],
      programs: ['torchrun', 'vllm'],
    });
    expect(answer?.python).toMatch(/^3\.\d+/);
    expect(answer).toMatchObject({
      packages: { torch: '', own_tool: '1.25', trl: null },
      programs: { torchrun: true, vllm: false },
    });
  });

  it('tells an environment without Python from one that ends the shell', () => {
    const answer = ask({ lines: ['PATH=/nowhere'], packages: ['torch'], programs: ['printf'] });
    expect(answer).toEqual({ python: null, packages: {}, programs: { printf: true } });
    expect(ask({ lines: ['exit 3'], packages: ['torch'] })).toBeNull();
    expect(ask({ lines: ['if'], packages: ['torch'] })).toBeNull();
  });
});

describe('what it means', () => {
  const of = (question: Partial<PackageQuestion>, answer: Parameters<typeof packageFindings>[1]) =>
    packageFindings({ packages: [], programs: [], ...question }, answer, 'mini').map(
      ({ severity, message }) => `${severity}: ${message}`,
    );
  const python = '3.11.7';

  it('names what is missing, and what is there where nothing is', () => {
    const packages = ['torch', 'trl', 'datasets'];
    const programs = ['torchrun'];
    const found = { torch: '2.9', trl: '1.16', datasets: '' };
    expect(of({ packages, programs }, { python, packages: found, programs: { torchrun: true } })).toEqual([
      'info: Python 3.11.7 of mini has torch 2.9, trl 1.16 and datasets',
    ]);
    expect(
      of(
        { packages, programs },
        { python, packages: { torch: '2.9', trl: null }, programs: { torchrun: false } },
      ),
    ).toEqual([
      'error: torchrun is not found on mini',
      'error: Python 3.11.7 of mini has no trl or datasets',
    ]);
    expect(of({ packages, programs: ['python3'] }, { python: null, packages: {}, programs: {} })).toEqual([
      'error: python3 is not found on mini',
    ]);
    expect(of({ programs }, { python: null, packages: {}, programs: { torchrun: true } })).toEqual([]);
  });

  it('says so where the environment could not be made, and nothing where nothing was asked', () => {
    expect(of({ packages: ['torch'] }, null)).toEqual([
      'warning: The environment of mini could not be made to look for packages',
    ]);
    expect(of({}, null)).toEqual([]);
  });
});
