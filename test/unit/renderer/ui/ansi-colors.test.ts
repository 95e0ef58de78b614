// The terminal colours of every theme can be read on its ground: 4.5:1, in high contrast 7:1.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contrast, type Rgb } from '../../../../core/lib/log-view/readable-color.ts';

const css = readFileSync(
  join(import.meta.dirname, '..', '..', '..', '..', 'renderer', 'ui', 'tokens.css'),
  'utf8',
);

function colors(theme: string): ReadonlyMap<string, Rgb> {
  const start = css.indexOf(`[data-theme="${theme}"] {`);
  const block = css.slice(start, css.indexOf('\n}', start));
  const found = block.matchAll(/--([\w-]+): #(..)(..)(..);/g);
  return new Map(
    [...found].map(([, name = '', red = '', green = '', blue = '']) => [
      name,
      {
        red: Number.parseInt(red, 16),
        green: Number.parseInt(green, 16),
        blue: Number.parseInt(blue, 16),
      },
    ]),
  );
}

describe.each([
  ['light', 4.5],
  ['dark', 4.5],
  ['high-contrast', 7],
])('%s', (theme, least) => {
  const all = colors(theme);
  const panel = all.get('panel');
  it.each(Array.from({ length: 16 }, (_, index) => index))('--ansi-%i', (index) => {
    const color = all.get(`ansi-${index}`);
    if (!panel || !color) throw new Error(`the theme has no --ansi-${index}`);
    expect(contrast(panel, color)).toBeGreaterThanOrEqual(least);
  });
});
