// The client that DuckDB's and the ONNX runtime's children share, on real processes that answer as they are told.
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RequestChild } from '../../core/services/native/request-child.ts';
import { type TestFolder, temporaryFolder, waitFor } from '../support/test-core.ts';
import { signalProcess } from '../support/processes.ts';

const program = `
process.on('message', ({ id, kind, ms = 0, parts = 0 }) => {
  if (kind === 'die') process.exit(3);
  if (kind === 'cancel') return process.send({ id, kind: 'cancelled' });
  if (kind === 'wait') return;
  for (let part = 0; part < parts; part += 1) process.send({ id, kind: 'part', part });
  setTimeout(() => process.send({ id, kind: 'done', pid: process.pid }), ms);
});
process.on('disconnect', () => process.exit(0));
process.send({ id: 0, kind: 'ready' });
`;

interface Said {
  readonly id: number;
  readonly kind: 'ready' | 'part' | 'done' | 'cancelled';
  readonly pid?: number;
}

let folder: TestFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'child.mjs'), program);
});
afterAll(() => folder[Symbol.asyncDispose]());

function open() {
  const deaths: string[] = [];
  const child = new RequestChild<Said>({
    spawn: () => fork(join(folder.path, 'child.mjs'), { serialization: 'advanced' }),
    onDeath: (reason) => deaths.push(reason),
    parse: (raw) => ((raw as Said).kind === 'ready' ? null : (raw as Said)),
    failure: (reason, how) => new Error(`${reason}: ${how}`),
  });
  const ask = (request: object, options?: { signal: AbortSignal }) => {
    const parts: number[] = [];
    const answer = child.ask<{ pid: number | undefined; parts: number[] }>(
      (id) => ({ id, ...request }),
      (said, { resolve, reject }) => {
        if (said.kind === 'part') parts.push(parts.length);
        else if (said.kind === 'cancelled') reject(new Error('was cancelled'));
        else resolve({ pid: said.pid, parts });
      },
      { ...options, cancel: (id) => ({ id, kind: 'cancel' }) },
    );
    return answer;
  };
  return { child, deaths, ask };
}

it('gives each request its own answers, in whatever order they come', async () => {
  const { child, deaths, ask } = open();
  expect(child.pid).toBeNull();
  const slow = ask({ kind: 'go', ms: 100, parts: 3 });
  const quick = ask({ kind: 'go' });
  expect((await quick).parts).toEqual([]);
  const { pid, parts } = await slow;
  expect(parts).toEqual([0, 1, 2]);
  expect(pid).toBe(child.pid);
  await child.dispose();
  expect([child.pid, deaths]).toEqual([null, []]);
});

it('tells everyone who waits of a death, once, and starts another for the next', async () => {
  const { child, deaths, ask } = open();
  const { pid } = await ask({ kind: 'go' });
  const waiting = [ask({ kind: 'wait' }), ask({ kind: 'wait' })];
  const dying = ask({ kind: 'die' });
  for (const one of [...waiting, dying]) await expect(one).rejects.toThrow('died: exit code 3');
  expect(deaths).toEqual(['exit code 3']);
  const again = await ask({ kind: 'go' });
  expect(again.pid).not.toBe(pid);
  const killed = ask({ kind: 'wait' });
  signalProcess(again.pid, 'SIGKILL');
  await expect(killed).rejects.toThrow('died: signal SIGKILL');
  await child.dispose();
});

it('rejects what waits when it is closed, which is no death, and passes an abort on', async () => {
  const { child, deaths, ask } = open();
  const controller = new AbortController();
  const aborted = ask({ kind: 'wait' }, { signal: controller.signal });
  await waitFor(() => child.pid !== null);
  controller.abort();
  await expect(aborted).rejects.toThrow('was cancelled');
  const waiting = ask({ kind: 'wait' });
  const closing = child.dispose();
  await expect(waiting).rejects.toThrow('cancelled: signal SIGKILL');
  await closing;
  expect(deaths).toEqual([]);
  child.tell({ id: 1, kind: 'die' });
  expect(child.pid).toBeNull();
});
