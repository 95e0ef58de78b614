// What a watcher hears: the state as it was, then every change, with none lost between the two and nobody listening afterwards.
import { describe, expect, test } from 'vitest';
import { createSignalBus, streamAfter } from '../../../../core/services/signal-bus.ts';

const keyOf = (value: number) => String(value);

describe('what is now, then what changes', () => {
  test('loses no change that falls while the first state is read', async () => {
    const bus = createSignalBus<number>();
    const first = async () => {
      bus.emit(2);
      return [1];
    };
    const heard: number[] = [];
    for await (const value of streamAfter(bus, first, { signal: undefined, keyOf })) {
      heard.push(value);
      if (heard.length === 2) break;
    }
    expect(heard).toEqual([1, 2]);
    expect(bus.listenerCount).toBe(0);
  });

  test('a reader that leaves while nothing changes is let go', async () => {
    const bus = createSignalBus<number>();
    const stream = streamAfter(bus, () => [1], { signal: undefined, keyOf });
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    expect(bus.listenerCount).toBe(1);
    expect(await stream.return()).toMatchObject({ done: true });
    expect(bus.listenerCount).toBe(0);
  });

  test('ends when it is told to, also before anything was there', async () => {
    const bus = createSignalBus<number>();
    const closing = new AbortController();
    const stream = streamAfter(bus, () => [], { signal: closing.signal, keyOf });
    const next = stream.next();
    closing.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(bus.listenerCount).toBe(0);
  });

  test('says what went wrong with the first state, and listens no more', async () => {
    const bus = createSignalBus<number>();
    const stream = streamAfter(bus, () => Promise.reject(new Error('gone')), { signal: undefined, keyOf });
    await expect(stream.next()).rejects.toThrow('gone');
    expect(bus.listenerCount).toBe(0);
  });
});
