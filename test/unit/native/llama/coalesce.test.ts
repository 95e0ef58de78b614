// Coalescing of streamed text: nothing lost, order kept, never more often than asked.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCoalescer } from '../../../../native/llama/coalesce.ts';

describe('createCoalescer', () => {
  it('sends the first piece at once and the rest together', async () => {
    const sent: (readonly string[])[] = [];
    const output = createCoalescer<string>(30, (pieces) => sent.push(pieces));
    output.push('a');
    expect(sent).toEqual([['a']]);
    output.push('b');
    output.push('c');
    expect(sent).toHaveLength(1);
    await sleep(60);
    expect(sent).toEqual([['a'], ['b', 'c']]);
  });

  it('flushes what is left, once, and sends nothing for nothing', async () => {
    const sent: string[] = [];
    const output = createCoalescer<string>(20, (pieces) => sent.push(pieces.join('')));
    output.flush();
    output.push('a');
    output.push('b');
    output.flush();
    output.flush();
    await sleep(40);
    expect(sent).toEqual(['a', 'b']);
  });

  it('keeps the interval under a flood', async () => {
    const sent: string[] = [];
    const output = createCoalescer<string>(25, (pieces) => sent.push(pieces.join('')));
    const startedMs = performance.now();
    let pieces = 0;
    while (performance.now() - startedMs < 200) {
      output.push('x');
      pieces += 1;
      if (pieces % 50 === 0) await sleep(1);
    }
    output.flush();
    const elapsedMs = performance.now() - startedMs;
    expect(sent.join('')).toHaveLength(pieces);
    expect(sent.length).toBeLessThanOrEqual(Math.ceil(elapsedMs / 25) + 2);
  });
});
