// Coalescing of streamed text: nothing lost, order kept, never more often than asked.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCoalescer } from '../../../../native/llama/coalesce.ts';

describe('createCoalescer', () => {
  it('sends the first piece at once and the rest together', async () => {
    const sent: [string, number][] = [];
    const output = createCoalescer(30, (text, tokens) => sent.push([text, tokens]));
    output.push('a', 1);
    expect(sent).toEqual([['a', 1]]);
    output.push('b', 1);
    output.push('c', 2);
    expect(sent).toHaveLength(1);
    await sleep(60);
    expect(sent).toEqual([
      ['a', 1],
      ['bc', 3],
    ]);
  });

  it('flushes what is left, once, and sends nothing for nothing', async () => {
    const sent: string[] = [];
    const output = createCoalescer(20, (text) => sent.push(text));
    output.flush();
    output.push('a', 1);
    output.push('b', 1);
    output.flush();
    output.flush();
    await sleep(40);
    expect(sent).toEqual(['a', 'b']);
  });

  it('keeps the interval under a flood', async () => {
    const sent: string[] = [];
    const output = createCoalescer(25, (text) => sent.push(text));
    const startedMs = performance.now();
    let pieces = 0;
    while (performance.now() - startedMs < 200) {
      output.push('x', 1);
      pieces += 1;
      if (pieces % 50 === 0) await sleep(1);
    }
    output.flush();
    const elapsedMs = performance.now() - startedMs;
    expect(sent.join('')).toHaveLength(pieces);
    expect(sent.length).toBeLessThanOrEqual(Math.ceil(elapsedMs / 25) + 2);
  });
});
