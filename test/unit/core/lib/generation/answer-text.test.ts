// Text out of bytes: characters spread over tokens, stop texts spread over tokens, nothing lost.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerText } from '../../../../../core/lib/generation/answer-text.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('AnswerText', () => {
  it('gives a character once its last byte is there', () => {
    const text = new AnswerText([]);
    const wolf = bytes('🐺');
    expect(text.push(wolf.subarray(0, 2)).text).toBe('');
    expect(text.push(wolf.subarray(2, 3)).text).toBe('');
    expect(text.push(wolf.subarray(3)).text).toBe('🐺');
    expect(text.end().text).toBe('');
  });

  it('replaces half a character at the end', () => {
    const text = new AnswerText([]);
    text.push(bytes('è').subarray(0, 1));
    expect(text.end().text).toBe('\uFFFD');
  });

  it('ends before the first stop text, and gives back what only looked like one', () => {
    const text = new AnswerText(['<end>', 'STOP']);
    expect(text.push(bytes('a <e'))).toEqual({ text: 'a ', isStopped: false });
    expect(text.push(bytes('dge> b ST'))).toEqual({ text: '<edge> b ', isStopped: false });
    expect(text.push(bytes('OP c <end>'))).toEqual({ text: '', isStopped: true });
  });

  it('loses nothing however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.nat(8)),
        fc.string({ minLength: 1 }),
        (whole, cuts, stop) => {
          const text = new AnswerText([stop]);
          const all = bytes(whole);
          let at = 0;
          let out = '';
          let isStopped = false;
          for (const cut of [...cuts, all.length]) {
            if (isStopped || at >= all.length) break;
            const part = text.push(all.subarray(at, at + cut));
            at += cut;
            out += part.text;
            isStopped = part.isStopped;
          }
          if (!isStopped) out += text.end().text;
          const clean = new TextDecoder().decode(all);
          const found = clean.indexOf(stop);
          expect(out).toBe(found < 0 ? clean : clean.slice(0, found));
        },
      ),
    );
  });
});
