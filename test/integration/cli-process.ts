// Runs the built `nesso` as a person does: a process of its own, its two outputs and its exit code.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { errorCodes } from '../../core/api/errors.ts';
import { repositoryFolder } from '../support/test-core.ts';

/** Nothing here may take this long; a command that hangs fails its test instead of the whole run. */
const LIMIT_MS = 400_000;

export const program = join(repositoryFolder, 'out', 'main', 'nesso.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of the whole of stdout, which must be one JSON document. */
  json(): unknown;
}

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

export function startNesso(stateFolder: string, words: readonly string[], cwd?: string): Started {
  const child = spawn(process.execPath, [program, ...words], {
    env: { ...process.env, NESSO_STATE_FOLDER: stateFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that a test can signal it as a terminal does.
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr, json: () => JSON.parse(stdout) as unknown });
    });
  });
  return { process: child, ended };
}

export function runNesso(stateFolder: string, ...words: readonly string[]): Promise<Ended> {
  return startNesso(stateFolder, words).ended;
}

const errorDocument = z.strictObject({
  error: z.strictObject({
    code: z.enum(errorCodes),
    message: z.string().min(1),
    hint: z.string().min(1),
    path: z.string().optional(),
    detail: z.string().optional(),
  }),
});

/** The one JSON document of a failure: typed, in words, with a next step, and never INTERNAL. */
export function expectRefusal(ended: Ended, code: 1 | 2 = 1): z.output<typeof errorDocument>['error'] {
  expect([ended.code, ended.signal], ended.stdout + ended.stderr).toEqual([code, null]);
  const { error } = errorDocument.parse(ended.json());
  expect(error.code, ended.stdout).not.toBe('INTERNAL');
  expect(ended.stderr).toBe('');
  return error;
}
