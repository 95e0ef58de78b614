// What a person takes out of a figure: its files through its menu, and whether an SVG stands alone.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}

/** Through the figure's menu: `Export SVG`, `Export CSV`. */
export async function exportFigure(page: Page, figure: string, entry: string): Promise<ExportedFile> {
  await page.getByRole('button', { name: `Menu of ${figure}`, exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

/** A browser's own parser reads it: well-formed XML with an SVG root that needs nothing else, and its texts. */
export async function textsOfSvg(page: Page, svg: string): Promise<readonly string[]> {
  return page.evaluate((source) => {
    const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
    if (parsed.querySelector('parsererror')) throw new Error('not well-formed');
    if (parsed.documentElement.tagName !== 'svg') throw new Error('no SVG');
    if (source.includes('var(') || source.includes('class=')) throw new Error('it needs a style sheet');
    return [...parsed.querySelectorAll('text')].map((text) => text.textContent);
  }, svg);
}

/** Header and rows; the figures of these tests quote nothing but texts with commas. */
export function csvRows(text: string): readonly (readonly string[])[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)]
        .slice(0, line.endsWith(',') ? undefined : -1)
        .map(([, field = '']) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field)),
    );
}
