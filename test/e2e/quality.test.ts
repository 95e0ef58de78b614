// The quality lab in a real Chromium against `nesso serve`: 0.7 on three heads keeps what an independent computation
// from documents.jsonl says, the board adds up, documents can be leafed through, the recipe is saved, the export re-opened.
// Leaves the screenshots that the documentation shows when NESSO_SCREENSHOTS is set.
import { cpSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { recipe as recipeSchema } from '../../core/lib/quality/recipe.ts';
import { loadTokenizer } from '../../core/services/tokenizers/load-tokenizer.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const screenshots = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');
const heads = ['score_gemma', 'score_mistral', 'score_llama'] as const;

/** A busy computer takes its time. */
const patiently = { timeout: 120_000 };

const documentLine = z.object({
  id: z.string(),
  text: z.string(),
  language: z.string(),
  language_script: z.string(),
  token_count: z.number(),
  score_gemma: z.number(),
  score_mistral: z.number(),
  score_llama: z.number(),
  fw2_kept: z.boolean(),
  filter_reason: z.string().nullable().default(null),
});
type SampleDocument = z.infer<typeof documentLine>;

/** NumPy's default: linear between the two neighbours of (n - 1) * q. */
function typeSeven(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * quantile;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (place - Math.floor(place)) * (high - low);
}

function languageOf(document: SampleDocument): string {
  return `${document.language}_${document.language_script}`;
}

/** The Parquet file of the sample holds the scores as 32-bit floats. */
function scoresOf(document: SampleDocument): readonly number[] {
  return heads.map((head) => Math.fround(document[head]));
}

/** What passes all three heads at their own quantile within each language. */
function keptAt(documents: readonly SampleDocument[], quantile: number): readonly SampleDocument[] {
  return [...new Set(documents.map(languageOf))].flatMap((language) => {
    const own = documents.filter((document) => languageOf(document) === language);
    const thresholds = heads.map((_, head) =>
      typeSeven(
        own.map((document) => scoresOf(document)[head] ?? Number.NaN),
        quantile,
      ),
    );
    return own.filter((document) =>
      scoresOf(document).every((score, head) => score >= (thresholds[head] ?? Number.NaN)),
    );
  });
}

function tokensOf(documents: readonly SampleDocument[]): number {
  return documents.reduce((sum, document) => sum + document.token_count, 0);
}

/** "31,794 tokens" → 31794. */
function firstNumber(text: string | null): number {
  return Number(/-?[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', '') ?? Number.NaN);
}

describe('the quality lab', () => {
  let studio: Studio;
  let documents: readonly SampleDocument[];
  let kept: readonly SampleDocument[];

  const shot = async (name: string): Promise<void> => {
    if (!process.env['NESSO_SCREENSHOTS']) return;
    mkdirSync(screenshots, { recursive: true });
    await studio.page.screenshot({ path: join(screenshots, `${name}.png`) });
  };
  const figure = (unit: string): Locator =>
    studio.page.getByLabel('What these thresholds keep').getByTitle(new RegExp(`^[\\d,]+ ${unit}$`));

  beforeAll(async () => {
    studio = await startStudio();
    cpSync(
      join(import.meta.dirname, '..', 'fixtures', 'tokenizers', 'byte-level'),
      join(studio.workspace, 'models', 'byte-level'),
      { recursive: true },
    );
    const text = await readFile(join(studio.workspace, 'data', 'documents.jsonl'), 'utf8');
    documents = text
      .trimEnd()
      .split('\n')
      .map((line) => documentLine.parse(JSON.parse(line)));
    kept = keptAt(documents, 0.7);
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('opens from the rows of a dataset and shows three heads', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Data' }).click();
    await page.getByRole('option', { name: /documents\.parquet/ }).click();
    await page.getByRole('radio', { name: 'Quality' }).click();
    await expect.poll(() => page.getByRole('slider', { name: /^Threshold of/ }).count(), patiently).toBe(3);
    expect(new URL(page.url()).hash).toContain('view=quality');
  });

  test('keeps at 0.7 exactly what an independent computation keeps', async () => {
    const { page } = studio;
    const quantile = page.getByRole('textbox', { name: 'Quantile', exact: true });
    await quantile.fill('0.7');
    await quantile.press('Enter');
    await expect
      .poll(async () => firstNumber(await figure('documents').getAttribute('title')), patiently)
      .toBe(kept.length);
    expect(firstNumber(await figure('tokens').getAttribute('title'))).toBe(tokensOf(kept));

    const change = async (language: string): Promise<string | null> =>
      page
        .getByRole('row', { name: new RegExp(`^${language} `) })
        .getByRole('cell')
        .last()
        .textContent();
    const changes = [...new Set(documents.map(languageOf))].map((language) => {
      const own = documents.filter((document) => languageOf(document) === language);
      const fineWeb = tokensOf(own.filter((document) => document.fw2_kept));
      const ours = tokensOf(kept.filter((document) => languageOf(document) === language));
      return { language, percent: 100 * (ours / fineWeb - 1) };
    });
    for (const { language, percent } of changes)
      expect(await change(language)).toBe(`${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(1)} %`);
    const mean = changes.reduce((sum, { percent }) => sum + percent, 0) / changes.length;
    await page
      .getByLabel('What these thresholds keep')
      .getByText(`${mean < 0 ? '−' : '+'}${Math.abs(mean).toFixed(1)} %`, { exact: true })
      .waitFor();
    await expect.poll(() => new URL(page.url()).hash, patiently).toContain('q=0.7');
    await shot('quality');
  });

  test('follows a threshold that is dragged, and comes back with the keyboard', async () => {
    const { page } = studio;
    const slider = page.getByRole('slider', { name: /^Threshold of mistral/ });
    const box = await slider.boundingBox();
    if (!box) throw new Error('The threshold has no place');
    const start = { x: box.x + box.width / 2, y: box.y + 8 };
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    for (let step = 1; step <= 20; step += 1) await page.mouse.move(start.x + 2 * step, start.y);
    const dragged = Number(await slider.getAttribute('aria-valuenow'));
    expect(dragged).toBeGreaterThan(0.72);
    await expect
      .poll(async () => firstNumber(await figure('documents').getAttribute('title')), patiently)
      .toBe(keptAt(documents, dragged).length);
    await page.mouse.up();
    await slider.focus();
    for (let step = Math.round((dragged - 0.7) * 100); step > 0; step -= 1)
      await page.keyboard.press('ArrowLeft');
    await expect.poll(() => slider.getAttribute('aria-valuenow'), patiently).toBe('0.7');
    await expect
      .poll(async () => firstNumber(await figure('documents').getAttribute('title')), patiently)
      .toBe(kept.length);
  });

  test('the board counts documents and tokens of each cell, and its documents are read with J and K', async () => {
    const { page } = studio;
    const ids = new Set(kept.map(({ id }) => id));
    const rescued = kept.filter(({ fw2_kept: isKept }) => !isKept);
    const cells = [
      { name: 'FW2 keeps, JQL keeps', members: kept.filter(({ fw2_kept: isKept }) => isKept) },
      { name: 'FW2 removes, JQL keeps', members: rescued },
      {
        name: 'FW2 keeps, JQL removes',
        members: documents.filter(({ id, fw2_kept: isKept }) => isKept && !ids.has(id)),
      },
      {
        name: 'FW2 removes, JQL removes',
        members: documents.filter(({ id, fw2_kept: isKept }) => !isKept && !ids.has(id)),
      },
    ];
    for (const { name, members } of cells) {
      const label = await page
        .getByRole('button', { name: new RegExp(`^${name}:`) })
        .getAttribute('aria-label');
      const [count, tokens] = (label ?? '').replace(/^[^:]+:/, '').split(';');
      expect([firstNumber(count ?? ''), firstNumber(tokens ?? '')]).toEqual([
        members.length,
        tokensOf(members),
      ]);
    }
    await page.getByRole('button', { name: /^FW2 removes, JQL keeps:/ }).click();
    const reader = page.getByRole('region', { name: 'Documents of the cell' });
    await reader.getByText(`Document 1 of ${rescued.length}`).waitFor();
    const text = async () => (await reader.getByRole('article').textContent()) ?? '';
    const first = await text();
    expect(rescued.some((document) => first.includes(document.id))).toBe(true);
    await page.getByRole('heading', { name: 'Kept and removed' }).click();
    await page.keyboard.press('j');
    await reader.getByText(`Document 2 of ${rescued.length}`).waitFor();
    await expect.poll(text, patiently).not.toBe(first);
    await page.keyboard.press('k');
    await expect.poll(text, patiently).toBe(first);
  });

  test('a filter reason shows its documents, in every order, and O opens one among the rows', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: /^FW2 removes, JQL removes:/ }).click();
    const reason = page
      .getByRole('table', { name: 'Filter reasons of the cell' })
      .getByRole('button')
      .first();
    const name = (await reason.textContent()) ?? '';
    await reason.click();
    const ids = new Set(kept.map(({ id }) => id));
    const members = documents.filter(({ id, filter_reason: own }) => own === name && !ids.has(id));
    expect(members.length).toBeGreaterThan(0);
    const reader = page.getByRole('region', { name: 'Documents of the cell' });
    await reader.getByText(`Document 1 of ${Math.min(100, members.length)}`).waitFor();
    for (const order of ['Nearest to threshold', 'Heads disagree most', 'Random']) {
      await reader.getByRole('button', { name: 'Order of documents' }).click();
      await page.getByRole('option', { name: order }).click();
      await expect
        .poll(async () => {
          const text = (await reader.getByRole('article').textContent()) ?? '';
          return members.some(({ id }) => text.includes(id));
        }, patiently)
        .toBe(true);
    }
    await reason.click();
    await page.getByRole('heading', { name: 'Kept and removed' }).click();
    await page.keyboard.press('o');
    await expect.poll(() => new URL(page.url()).hash, patiently).toContain('row=');
    await page.goBack();
    await expect.poll(() => page.getByRole('slider', { name: /^Threshold of/ }).count(), patiently).toBe(3);
  });

  test('tokens are counted with a tokenizer of the workspace, whose name stands beside them', async () => {
    const { page } = studio;
    const tokens = page.getByRole('group', { name: 'What decides' }).getByRole('button', { name: /Tokens$/ });
    await tokens.click();
    await page.getByRole('option', { name: /^byte-level/ }).click();
    await page
      .getByText(/counted with byte-level \([0-9a-f]{8}\)/)
      .first()
      .waitFor(patiently);
    await expect
      .poll(async () => firstNumber(await figure('documents').getAttribute('title')), patiently)
      .toBe(kept.length);
    const { tokenizer } = await loadTokenizer(join(studio.workspace, 'models', 'byte-level'));
    expect(firstNumber(await figure('tokens').getAttribute('title'))).toBe(
      kept.reduce((sum, { text }) => sum + tokenizer.encode(text, { special: false }).length, 0),
    );
    expect(new URL(page.url()).hash).toContain('tokens=models');
    await tokens.click();
    await page.getByRole('option', { name: /^token_count/ }).click();
    await expect
      .poll(async () => firstNumber(await figure('tokens').getAttribute('title')), patiently)
      .toBe(tokensOf(kept));
  });

  test('a language of its own quantile is marked and can be reset', async () => {
    const { page } = studio;
    const before = await figure('documents').getAttribute('title');
    const input = page.getByRole('textbox', { name: 'Quantile of ita_Latn' });
    await input.fill('0.4');
    await input.press('Enter');
    await page.getByRole('button', { name: 'Reset 1 exception' }).waitFor();
    await expect.poll(() => figure('documents').getAttribute('title'), patiently).not.toBe(before);
    await page.getByRole('button', { name: 'Reset ita_Latn' }).click();
    await expect.poll(() => figure('documents').getAttribute('title'), patiently).toBe(before);
    expect(await input.inputValue()).toBe('0.70');
  });

  test('every chart shows its numbers as a table', async () => {
    const { page } = studio;
    const charts = page.getByRole('button', { name: /^Show .* as table$/ });
    const count = await charts.count();
    expect(count).toBe(7);
    for (let index = 0; index < count; index += 1) await charts.first().click();
    await page.getByRole('cell', { name: '0.88' }).first().waitFor();
    const back = page.getByRole('button', { name: /^Show .* as chart$/ });
    for (let index = 0; index < count; index += 1) await back.first().click();
  });

  test('saves a recipe that another corpus can be filtered with', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Save filter recipe…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Strict, all heads');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Filter recipe saved').first().waitFor();
    const saved = recipeSchema.parse(
      JSON.parse(await readFile(join(studio.workspace, 'filters', 'strict-all-heads.json'), 'utf8')),
    );
    expect(saved.result.total.keptDocuments).toBe(kept.length);
    expect(saved.result.total.keptTokens).toBe(tokensOf(kept));
    const italian = documents.filter((document) => document.language === 'ita');
    expect(saved.thresholds['ita_Latn']?.['score_gemma']).toBeCloseTo(
      typeSeven(
        italian.map((document) => Math.fround(document.score_gemma)),
        0.7,
      ),
      6,
    );
    await page.getByRole('button', { name: 'Show the recipe' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Filter recipes' });
    await dialog.getByText('Strict, all heads').waitFor();
    await dialog.getByRole('button', { name: 'Load' }).click();
    await expect
      .poll(async () => firstNumber(await figure('documents').getAttribute('title')), patiently)
      .toBe(kept.length);
  });

  test('exports what is kept and opens the export again', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Export kept…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Format' }).click();
    await page.getByRole('option', { name: '.jsonl', exact: true }).click();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'Open the export' }).first().click();
    await page.getByText(`${kept.length} rows`).waitFor();
    await page.getByRole('heading', { name: 'documents-kept.jsonl' }).waitFor();
    const exported = (await readFile(join(studio.workspace, 'data', 'documents-kept.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => documentLine.parse(JSON.parse(line)));
    expect(exported.map(({ id }) => id).toSorted()).toEqual(kept.map(({ id }) => id).toSorted());
  });

  test('remembers the mode and the thresholds of a corpus', async () => {
    const { page } = studio;
    await studio.go('#/data/data/documents.parquet?view=quality');
    await page.getByText('all 3 heads ≥ quantile 0.70 per language').waitFor();
    await page.reload();
    await page.getByText('all 3 heads ≥ quantile 0.70 per language').waitFor();
    await expect
      .poll(async () => firstNumber(await figure('documents').getAttribute('title')), patiently)
      .toBe(kept.length);
  });

  test('the page reported no error', () => {
    expect(studio.pageErrors).toEqual([]);
  });
});
