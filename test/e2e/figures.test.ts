// Every figure of the data views leaves as SVG and CSV, and every mark that a pointer can click is reached by keys; numbers against
// an independent count of documents.jsonl.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { csvRows, exportFigure, textsOfSvg } from './harness/figures.ts';
import { type Studio, startStudio } from './harness/studio.ts';

/** A busy computer takes its time. */
const patiently = { timeout: 120_000 };

const line = z.object({
  id: z.string(),
  language: z.string(),
  language_script: z.string(),
  dump: z.string(),
  token_count: z.number(),
  score_gemma: z.number(),
  fw2_kept: z.boolean(),
  filter_reason: z.string().nullable(),
});

/** As it is shown: with a true minus. */
const numberOf = (text: string | undefined): number => Number(text?.replace('−', '-'));

describe('figures of the data views', () => {
  let studio: Studio;
  let documents: readonly z.infer<typeof line>[];

  const matching = (count: number) =>
    studio.page.getByText(`${count} of ${documents.length} rows match`).waitFor(patiently);
  const focused = () => studio.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
  const figure = (name: string | RegExp) => studio.page.getByRole('figure', { name });
  /** Where Tab stops in a chart: at one of its marks, whatever their number. */
  const stop = async (chart: Locator): Promise<Locator> => {
    await chart.locator('[data-mark]').first().waitFor(patiently);
    const stops = chart.locator('[data-mark][tabindex="0"]');
    expect(await stops.count()).toBe(1);
    return stops;
  };
  const openLab = async () => {
    await studio.go('#/data/data/documents.parquet?view=quality');
    await figure('Figures by language').waitFor(patiently);
    await figure(/^Joint density/).waitFor(patiently);
    await figure(/^Token length/).waitFor(patiently);
  };

  beforeAll(async () => {
    studio = await startStudio({ theme: 'dark' });
    const text = await readFile(join(studio.workspace, 'data', 'documents.jsonl'), 'utf8');
    documents = text
      .trimEnd()
      .split('\n')
      .map((json) => line.parse(JSON.parse(json)));
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('every figure of the quality lab has its menu, and what leaves is light, alone, and text', async () => {
    const { page } = studio;
    await openLab();
    await figure(/^Filter reasons/)
      .or(figure(/^Kept and removed/))
      .first()
      .waitFor(patiently);
    await page.getByRole('button', { name: /^FW2 removes, JQL removes:/ }).click(patiently);
    await figure(/^Filter reasons/).waitFor(patiently);
    const names = await page
      .getByRole('figure')
      .evaluateAll((figures) => figures.map((each) => each.getAttribute('aria-label') ?? ''));
    // Three heads, table, agreement, joint density, lengths, board, reasons.
    expect(names).toHaveLength(9);
    for (const name of names) {
      const svg = await exportFigure(page, name, 'Export SVG');
      expect((await textsOfSvg(page, svg.text)).length, name).toBeGreaterThan(2);
      // Light, although the studio is dark.
      expect(svg.text, name).toContain('fill="#ffffff"');
      const rows = csvRows((await exportFigure(page, name, 'Export CSV')).text);
      expect(rows.length, name).toBeGreaterThan(2);
      expect(new Set(rows.map((row) => row.length)).size, name).toBe(1);
    }
  });

  test('the table by language: quantiles and words in the picture, every digit in the numbers', async () => {
    const { page } = studio;
    const [header = [], ...rows] = csvRows(
      (await exportFigure(page, 'Figures by language', 'Export CSV')).text,
    );
    const column = (name: string) => header.indexOf(name);
    const italian = rows.find(([language]) => language === 'ita_Latn') ?? [];
    const own = documents.filter(({ language }) => language === 'ita');
    const kept = own.filter(({ fw2_kept: isKept }) => isKept);
    expect(Number(italian[column('Documents')])).toBe(own.length);
    expect(Number(italian[column('FW2 documents')])).toBe(kept.length);
    expect(Number(italian[column('FW2 documents (%)')])).toBe((100 * kept.length) / own.length);
    expect(rows.at(-1)?.[0]).toBe('All, pooled');
    expect(Number(rows.at(-1)?.[column('Documents')])).toBe(documents.length);
    const svg = await exportFigure(page, 'Figures by language', 'Export SVG');
    const texts = await textsOfSvg(page, svg.text);
    expect(texts).toEqual(expect.arrayContaining(['By language', 'ita_Latn', '0.60', 'All, pooled']));
  });

  test('board and filter reasons count what an independent count finds', async () => {
    const { page } = studio;
    const board = csvRows((await exportFigure(page, 'Kept and removed, all languages', 'Export CSV')).text);
    const kept = board.filter(([cell]) => cell?.startsWith('FW2 keeps'));
    expect(kept.reduce((sum, row) => sum + Number(row[1]), 0)).toBe(
      documents.filter(({ fw2_kept: isKept }) => isKept).length,
    );
    const removed = board.find(([cell]) => cell === 'FW2 removes, JQL removes') ?? [];
    expect(Number(removed[2])).toBe((100 * Number(removed[1])) / documents.length);
    const reasons = csvRows(
      (await exportFigure(page, 'Filter reasons, FW2 removes, JQL removes', 'Export CSV')).text,
    ).slice(1);
    expect(reasons.reduce((sum, row) => sum + Number(row[1]), 0)).toBe(Number(removed[1]));
    for (const [reason, count] of reasons)
      expect(Number(count)).toBeLessThanOrEqual(
        documents.filter(({ filter_reason: own }) => own === reason).length,
      );
  });

  test('arrows go through the board, Enter chooses, Escape leaves, E exports', async () => {
    const { page } = studio;
    const board = figure(/^Kept and removed/);
    await (await stop(board)).focus();
    await page.keyboard.press('Control+Home');
    await expect.poll(focused).toMatch(/^FW2 keeps, JQL keeps: [\d,]+ documents/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(focused).toMatch(/^FW2 removes, JQL keeps:/);
    await page.keyboard.press('Enter');
    await page
      .getByRole('region', { name: 'Documents of the cell' })
      .getByText(/^Document 1 of/)
      .waitFor();
    expect(await board.locator('[aria-pressed="true"]').getAttribute('aria-label')).toMatch(
      /^FW2 removes, JQL keeps:/,
    );
    await page.keyboard.press('Escape');
    await expect.poll(focused).toMatch(/^Kept and removed/);
    await page.keyboard.press('e');
    await page.getByRole('menuitem', { name: 'Export CSV' }).waitFor();
    await page.keyboard.press('Escape');
  });

  test('arrows go through the languages, and Enter shows the scores of one', async () => {
    const { page } = studio;
    const table = figure('Figures by language');
    await (await stop(table)).focus();
    await page.keyboard.press('Control+Home');
    for (let step = 0; step < 2; step += 1) await page.keyboard.press('ArrowDown');
    const language = await page.evaluate(() => document.activeElement?.textContent ?? '');
    expect(language).toMatch(/^[a-z]{3}_Latn$/);
    await page.keyboard.press('Enter');
    await page.getByText(`Spearman · ${language}`).waitFor(patiently);
    await page.keyboard.press('Tab');
    await expect.poll(focused).toBe(`Quantile of ${language}`);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Spearman · mean of languages').waitFor(patiently);
  });

  test('Enter on a bin of a head, a cell of two heads and a bar of lengths opens its rows', async () => {
    const { page } = studio;
    const bins = figure(/^gemma, /);
    await (await stop(bins)).focus();
    await page.keyboard.press('Home');
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
    const bin = /^Score ([−\d.]+) to ([−\d.]+): kept by FineWeb-2 (\d+), removed (\d+), show the rows$/.exec(
      await focused(),
    );
    expect(bin, await focused()).not.toBeNull();
    await page.keyboard.press('Enter');
    await matching(Number(bin?.[3]) + Number(bin?.[4]));
    const [from, to] = [numberOf(bin?.[1]), numberOf(bin?.[2])];
    expect(
      documents.filter(
        ({ score_gemma: score }) => Math.fround(score) >= from - 1e-6 && Math.fround(score) < to - 1e-6,
      ).length,
    ).toBe(Number(bin?.[3]) + Number(bin?.[4]));

    await openLab();
    const cells = figure(/^Joint density/);
    await (await stop(cells)).focus();
    await page.keyboard.press('Control+End');
    const scores = async () =>
      /^\w+ ([−\d.]+), \w+ ([−\d.]+): (\d+)/
        .exec(await focused())
        ?.slice(1)
        .map(numberOf);
    const lowest = await scores();
    await page.keyboard.press('ArrowUp');
    const above = await scores();
    // Up is a higher score of the head that the vertical axis has.
    expect(above?.[1]).toBeGreaterThan(lowest?.[1] ?? Number.POSITIVE_INFINITY);
    await page.keyboard.press('Enter');
    await matching(above?.[2] ?? -1);
    expect(await page.getByRole('list', { name: 'Filters' }).getByRole('listitem').count()).toBe(2);

    await openLab();
    const bars = figure(/^Token length/);
    await (await stop(bars)).focus();
    await page.keyboard.press('End');
    const bar = /^([\d,]+)(?: to ([\d,]+))? tokens: ([\d,]+), show the rows$/.exec(await focused());
    expect(bar, await focused()).not.toBeNull();
    await page.keyboard.press(' ');
    await matching(Number(bar?.[3]));
    await page.getByRole('button', { name: 'Show all rows' }).click();
  });

  test('Shift and arrows take several bars of a histogram', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Histogram of token_count' }).click();
    const bars = page.getByRole('group', { name: 'Histogram of token_count' });
    await (await stop(bars)).focus();
    const count = async () => Number(/: ([\d,]+) ·/.exec(await focused())?.[1]);
    await page.keyboard.press('ArrowRight');
    let sum = await count();
    for (let step = 0; step < 3; step += 1) {
      await page.keyboard.press('Shift+ArrowRight');
      sum += await count();
    }
    await page.keyboard.press('Enter');
    await matching(sum);
    await page.getByRole('button', { name: 'Close histogram' }).click();
    await page.getByRole('button', { name: 'Show all rows' }).click();
  });

  test('a facet is a figure: its values are exported, Enter keeps one, Alt and Enter leaves it out', async () => {
    const { page } = studio;
    await page.getByRole('grid', { name: 'Rows' }).focus();
    await page.keyboard.press('Shift+F');
    await figure('Values of language')
      .getByRole('button', { name: /^ita: / })
      .waitFor(patiently);
    const rows = csvRows((await exportFigure(page, 'Values of language', 'Export CSV')).text);
    const italian = documents.filter(({ language }) => language === 'ita').length;
    const exported = rows.find(([value]) => value === 'ita') ?? [];
    expect(Number(exported[1])).toBe(italian);
    expect(Number(exported[2])).toBe((100 * italian) / documents.length);
    await (await stop(figure('Values of language'))).focus();
    await page.keyboard.press('ArrowDown');
    const value = (await focused()).split(':')[0];
    const own = documents.filter(({ language }) => language === value).length;
    await page.keyboard.press('Alt+Enter');
    await matching(documents.length - own);
    await page.getByRole('button', { name: 'Show all rows' }).click();
    await page.getByRole('button', { name: 'Close facets' }).click();
  });

  test('the columns of a profile are one stop each, with the numbers in their names', async () => {
    const { page } = studio;
    await page.getByRole('grid', { name: 'Rows' }).focus();
    await page.keyboard.press('p');
    const card = page.getByRole('region', { name: /^rating: / });
    await (await stop(card)).focus();
    await page.keyboard.press('End');
    const said = /^(.+) to (.+): (\d+) \(/.exec(await focused());
    expect(said, await focused()).not.toBeNull();
    await page.keyboard.press('Enter');
    await matching(Number(said?.[3]));
    await page.getByRole('button', { name: 'Close profile' }).click();
    await page.getByRole('button', { name: 'Show all rows' }).click();
  });

  test('the matrix of the bench is one stop: heads of columns, then cells', async () => {
    const { page } = studio;
    await studio.go('#/data/data/documents.parquet?view=bench');
    const matrix = page.getByRole('table', { name: 'Spearman against people' });
    await matrix.waitFor(patiently);
    await (await stop(matrix)).focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expect.poll(focused).toMatch(/^gemma, es: [\d.]+, show the documents$/);
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Largest disagreements' }).waitFor(patiently);
    expect(new URL(page.url()).hash).toContain('language=es');
    await page.getByRole('tab', { name: 'Classes' }).click();
    await figure('Confusion of Gemma-3-27B (JQL paper)').waitFor(patiently);
    const tabs = await page
      .getByRole('figure')
      .evaluateAll((figures) =>
        figures
          .filter((each) => each.querySelector('button[aria-label^="Menu of"]') === null)
          .map((each) => each.getAttribute('aria-label')),
      );
    expect(tabs).toEqual([]);
  });

  test('nothing was thrown', () => {
    expect(studio.pageErrors).toEqual([]);
  });
});
