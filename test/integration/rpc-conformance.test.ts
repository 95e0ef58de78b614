// What every transport must do alike: order, typed errors, abort, early return, a line that breaks,
// large columns of numbers, and frames that are not of the protocol.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { StudioError } from '../../core/api/errors.ts';
import { isConnectionClosed } from '../../core/rpc/connection-closed.ts';
import { MAX_TEST_FRAME_BYTES, transports } from './rpc/transports.ts';

const HUNDRED_MB = 100_000_000;

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited 60 s in vain until ${what}`);
    await sleep(5);
  }
}

describe.each(Object.entries(transports))('over %s', (_name, open) => {
  test('answers come to their own calls and a stream keeps its order', async () => {
    await using setup = await open();
    const texts = Array.from({ length: 200 }, (_, index) => `call ${index}`);
    const answers = await Promise.all(texts.map((text) => setup.client.echo({ text })));
    expect(answers.map((answer) => answer.text)).toEqual(texts);
    const seen: number[] = [];
    for await (const value of await setup.client.count({ to: 2000 })) seen.push(value);
    expect(seen).toEqual(Array.from({ length: 2000 }, (_, index) => index));
  });

  test('an error of the closed list arrives with code, message, hint and path', async () => {
    await using setup = await open();
    const error = await failure(setup.client.fail());
    expect(error).toBeInstanceOf(StudioError);
    expect(error).toMatchObject({
      code: 'CONFLICT',
      message: 'The file changed',
      data: { hint: 'Read it again', path: 'a.yaml' },
    });
  });

  test('an unforeseen error becomes INTERNAL and input that does not fit INVALID_INPUT', async () => {
    await using setup = await open();
    expect(await failure(setup.client.crash())).toMatchObject({ name: 'StudioError', code: 'INTERNAL' });
    const wrong = { text: 5 } as unknown as { text: string };
    const error = await failure(setup.client.echo(wrong));
    expect(error).toMatchObject({ name: 'StudioError', code: 'INVALID_INPUT' });
    expect((error as Error).message).toContain('text');
  });

  test('an error thrown in the middle of a stream is typed, after what came before it', async () => {
    await using setup = await open();
    const seen: number[] = [];
    const error = await failure(
      (async () => {
        for await (const value of await setup.client.count({ to: 10, failAt: 3 })) seen.push(value);
      })(),
    );
    expect(seen).toEqual([0, 1, 2]);
    expect(error).toMatchObject({ name: 'StudioError', code: 'DISK_FULL', data: { hint: 'Free some' } });
    expect(setup.record.finished).toBe(1);
  });

  test('a call aborted before it starts reaches nobody', async () => {
    await using setup = await open();
    const error = await failure(setup.client.hang(undefined, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ name: 'AbortError' });
    await sleep(30);
    expect(setup.record.started).toBe(0);
  });

  test('aborting a running call stops its work', async () => {
    await using setup = await open();
    const abort = new AbortController();
    const call = failure(setup.client.hang(undefined, { signal: abort.signal }));
    await until(() => setup.record.started === 1, 'the call has started');
    abort.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
    await until(() => setup.record.aborted === 1, 'the work has seen the abort');
    expect(isConnectionClosed(setup.record.reason)).toBe(false);
  });

  test('aborting a stream ends it with an AbortError and closes its source', async () => {
    await using setup = await open();
    const abort = new AbortController();
    let seen = 0;
    const error = await failure(
      (async () => {
        for await (const _ of await setup.client.endless(undefined, { signal: abort.signal })) {
          seen += 1;
          if (seen === 5) abort.abort();
        }
      })(),
    );
    expect(error).toMatchObject({ name: 'AbortError' });
    await until(() => setup.record.finished === 1, 'the source has closed');
    expect(seen).toBeGreaterThanOrEqual(5);
  });

  test('leaving a stream early closes its source', async () => {
    await using setup = await open();
    for await (const value of await setup.client.endless()) if (value === 3) break;
    await until(() => setup.record.finished === 1, 'the source has closed');
  });

  test('100 MB of numbers arrive intact', { timeout: 120_000 }, async () => {
    await using setup = await open();
    const { data } = await setup.client.numbers({ sizeBytes: HUNDRED_MB });
    const values = new Float64Array(await data.arrayBuffer());
    expect(values.length).toBe(HUNDRED_MB / 8);
    expect([values[0], values[1], values[12_345_678 % values.length], values.at(-1)]).toEqual([
      0,
      0.5,
      (12_345_678 % values.length) * 0.5,
      (HUNDRED_MB / 8 - 1) * 0.5,
    ]);
  });
});

const withLine = Object.entries(transports).filter(([name]) => name !== 'memory');

describe.each(withLine)('the line of %s', (_name, open) => {
  test('breaking in mid-call fails the calls with UNAVAILABLE and stops their work', async () => {
    await using setup = await open();
    const call = failure(setup.client.hang());
    const stream = failure(
      (async () => {
        for await (const _ of await setup.client.endless());
      })(),
    );
    await until(() => setup.record.started === 2, 'both have started');
    setup.line?.cut();
    expect(await call).toMatchObject({ name: 'StudioError', code: 'UNAVAILABLE' });
    expect(await stream).toMatchObject({ name: 'StudioError', code: 'UNAVAILABLE' });
    await until(() => setup.record.aborted >= 1 && setup.record.finished === 1, 'the work has stopped');
    expect(isConnectionClosed(setup.record.reason)).toBe(true);
    expect(await failure(setup.client.echo({ text: 'late' }))).toMatchObject({ code: 'UNAVAILABLE' });
  });

  const hostile: readonly (readonly [string, unknown])[] = [
    ['text that is not JSON', 'not json at all'],
    ['JSON of another protocol', '{"jsonrpc":"2.0","method":"x"}'],
    ['null', 'null'],
    ['binary garbage', new Uint8Array([1, 2, 3, 255, 0, 9])],
    ['a request without a body', '{"i":"1"}'],
    ['an address that is none', '{"i":"1","p":{"u":"http://[","b":{}}}'],
    ['nesting without end', `{"i":"1","p":{"u":"/echo","b":${'['.repeat(100_000)}`],
  ];
  test.each(hostile)('%s closes it and harms nothing else', async (_what, frame) => {
    await using setup = await open();
    await using other = await open();
    setup.line?.sendRaw(frame);
    await setup.line?.closed;
    expect(setup.problems.length).toBe(1);
    expect(await other.client.echo({ text: 'still here' })).toEqual({ text: 'still here' });
  });

  test('answers to calls nobody made, unknown procedures and prototypes are harmless', async () => {
    await using setup = await open();
    for (const id of ['9999', '__proto__', 'constructor', '-1']) {
      setup.line?.sendRaw(JSON.stringify({ i: id, t: 3, p: { e: 'message', d: 1 } }));
      setup.line?.sendRaw(JSON.stringify({ i: id, t: 4 }));
      setup.line?.sendRaw(JSON.stringify({ i: `x${id}`, p: { u: '/__proto__/toString', b: { json: {} } } }));
      setup.line?.sendRaw(JSON.stringify({ i: `y${id}`, p: { u: '/nothing/here', b: { json: {} } } }));
    }
    expect(await setup.client.echo({ text: 'ok' })).toEqual({ text: 'ok' });
    const unknown = setup.client as unknown as { nothing: () => Promise<unknown> };
    expect(await failure(unknown.nothing())).toMatchObject({ name: 'StudioError', code: 'UNAVAILABLE' });
  });
});

test('a frame over the limit closes the WebSocket before it is parsed', async () => {
  const open = transports.WebSocket;
  if (!open) throw new Error('There is no WebSocket transport');
  await using setup = await open();
  setup.line?.sendRaw('x'.repeat(MAX_TEST_FRAME_BYTES + 1));
  await setup.line?.closed;
  expect(setup.problems).toEqual([]);
  expect(setup.record.started).toBe(0);
});
