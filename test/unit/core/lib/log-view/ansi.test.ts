// Terminal escapes: colours become spans, everything else is dropped, garbage stays harmless.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnsi, withoutAnsi } from '../../../../../core/lib/log-view/ansi.ts';
import { contrast, readableOn } from '../../../../../core/lib/log-view/readable-color.ts';

const shown = (line: string) => {
  const { text, spans } = parseAnsi(line);
  return spans.map(({ start, end, style }) => [text.slice(start, end), style] as const);
};

describe('parseAnsi', () => {
  it('reads the 16 names, the 256 and the true colours, in both notations', () => {
    const [[red, redStyle] = []] = shown('\u001b[31mError\u001b[0m plain');
    expect(red).toBe('Error');
    expect(redStyle?.color).toEqual({ kind: 'named', index: 1 });
    const color = (line: string) => shown(line)[0]?.[1].color;
    expect(color('\u001b[92mx')).toEqual({ kind: 'named', index: 10 });
    expect(color('\u001b[38;5;9mx')).toEqual({ kind: 'named', index: 9 });
    // xterm's own table: 208 is #ff8700, 16 is black, 231 white, 232 and 255 the ends of the greys.
    expect(color('\u001b[38;5;208mx')).toEqual({ kind: 'rgb', red: 255, green: 135, blue: 0 });
    expect(color('\u001b[38;5;231mx')).toEqual({ kind: 'rgb', red: 255, green: 255, blue: 255 });
    expect(color('\u001b[38;5;255mx')).toEqual({ kind: 'rgb', red: 238, green: 238, blue: 238 });
    expect(color('\u001b[38;2;1;2;3mx')).toEqual({ kind: 'rgb', red: 1, green: 2, blue: 3 });
    expect(color('\u001b[38:2::1:2:3mx')).toEqual({ kind: 'rgb', red: 1, green: 2, blue: 3 });
    expect(color('\u001b[38:5:208mx')).toEqual({ kind: 'rgb', red: 255, green: 135, blue: 0 });
  });

  it('keeps styles until they are taken back', () => {
    const spans = shown('\u001b[1;4;33mA\u001b[22mB\u001b[24;39mC\u001b[7;44mD\u001b[mE');
    expect(spans.map(([text]) => text)).toEqual(['A', 'B', 'D']);
    expect(spans[0]?.[1]).toMatchObject({ bold: true, underline: true, color: { index: 3 } });
    expect(spans[1]?.[1]).toMatchObject({ bold: false, underline: true });
    expect(spans[2]?.[1]).toMatchObject({ inverse: true, background: { index: 4 } });
  });

  it('drops links, titles, cursor moves and sequences that are cut off, and shows other controls', () => {
    expect(withoutAnsi('\u001b]8;;https://x\u0007link\u001b]8;;\u0007 \u001b]0;title\u001b\\end')).toBe(
      'link end',
    );
    expect(withoutAnsi('a\u001b[2K\u001b[1Ab\u001b[?25l')).toBe('ab');
    expect(withoutAnsi('text\u001b[38;5')).toBe('text');
    expect(withoutAnsi('text\u001b')).toBe('text');
    expect(withoutAnsi('a\u0000b\u0008c\u007f')).toBe('a\u2400b\u2408c\u2421');
    expect(withoutAnsi('\ttab')).toBe('\ttab');
  });

  it('does not let the start of a link in garbage swallow a line', () => {
    const rest = 'x'.repeat(10_000);
    expect(withoutAnsi(`\u001b]${rest}`)).toContain(rest.slice(5000));
  });

  it('never throws, gives spans in order, and its text is that of withoutAnsi', () => {
    const sign = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '3',
      '8',
      ';',
      ':',
      'm',
      'a',
      '\u0007',
      '\\',
      '5',
      '2',
      '\u009b',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 60 }), (signs) => {
        const line = signs.join('');
        const { text, spans } = parseAnsi(line);
        expect(text).toBe(withoutAnsi(line));
        let end = 0;
        for (const span of spans) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          expect(span.end).toBeGreaterThan(span.start);
          end = span.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('readableOn', () => {
  it('reaches 4.5:1 for every colour on light and dark ground, and leaves readable ones alone', () => {
    const grounds = [
      { red: 255, green: 255, blue: 255 },
      { red: 22, green: 26, blue: 31 },
      { red: 128, green: 128, blue: 128 },
    ];
    const part = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(part, part, part, fc.constantFrom(...grounds), (red, green, blue, ground) => {
        const color = readableOn(ground, { red, green, blue });
        expect(contrast(ground, color)).toBeGreaterThanOrEqual(4.5);
      }),
    );
    const navy = { red: 0, green: 0, blue: 128 };
    expect(readableOn({ red: 255, green: 255, blue: 255 }, navy)).toEqual(navy);
    // As WCAG defines it: black on white.
    expect(contrast({ red: 0, green: 0, blue: 0 }, { red: 255, green: 255, blue: 255 })).toBeCloseTo(21, 10);
  });
});
