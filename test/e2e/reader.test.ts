// The reader in a real Chromium: search inside a document, tokens in tints with their ids, next and previous by key, a document
// of two megabytes, and a tokenized dataset that opens as documents with what is wrong with it. Leaves a screenshot when
// NESSO_SCREENSHOTS is set.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Studio, startStudio } from './harness/studio.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures');
const patiently = { timeout: 120_000 };
const screenshots = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');

describe('the reader', () => {
  let studio: Studio;
  const shot = async (name: string) => {
    if (!process.env['NESSO_SCREENSHOTS']) return;
    await studio.page.screenshot({ path: join(screenshots, `${name}.png`) });
  };

  beforeAll(async () => {
    studio = await startStudio();
    const { workspace } = studio;
    await mkdir(join(workspace, 'tokenizers'), { recursive: true });
    await cp(join(fixtures, 'tokenizers', 'byte-level'), join(workspace, 'tokenizers', 'byte-level'), {
      recursive: true,
    });
    await cp(join(fixtures, 'token-files', 'corpus'), join(workspace, 'data', 'tokenized'), {
      recursive: true,
    });
    const texts = JSON.parse(await readFile(join(fixtures, 'tokenizers', 'texts.json'), 'utf8')) as Record<
      string,
      string
    >;
    const long = Array.from(
      { length: 26_000 },
      (_, line) => `Line ${line} of a very long document, with a few words.`,
    );
    const rows = [
      {
        text: `${texts['english']}\n${texts['emoji']}\nThe harbour again: HARBOUR.`,
        url: 'https://example.org/a',
        language: 'eng',
        score_a: 2.5,
        score_b: -0.5,
      },
      { text: long.join('\n'), url: 'javascript:alert(1)', language: 'eng', score_a: 5, score_b: 1 },
      { text: 'x'.repeat(300_000), url: null, language: null, score_a: 0, score_b: 0 },
    ];
    await writeFile(
      join(workspace, 'data', 'reading.jsonl'),
      `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`,
    );
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('finds words inside the document, counts them and steps through them', async () => {
    const { page } = studio;
    await studio.go('#/data/data/reading.jsonl?row=0');
    await page.getByText('The harbour woke slowly').last().waitFor(patiently);
    await page.keyboard.press('Control+f');
    const field = page.getByRole('searchbox', { name: 'Search this document' });
    await field.fill('harbour');
    await page.getByText('1 of 3', { exact: true }).waitFor(patiently);
    await page.keyboard.press('Enter');
    await page.getByText('2 of 3', { exact: true }).waitFor(patiently);
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.press('Shift+Enter');
    await page.getByText('3 of 3', { exact: true }).waitFor(patiently);
    expect(await page.locator('mark[data-current]').textContent()).toBe('HARBOUR');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('mark').count()).toBe(0);
  });

  test('shows tokens by the chosen tokenizer, with ids and the special token in front', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: /^Tokenizer/ }).click();
    await page.getByRole('option', { name: /byte-level/ }).click();
    await page.locator('[data-token="0"]').getByText('<|begin_of_text|>').waitFor(patiently);
    await page.getByText(/tokens \(byte-level\)/).waitFor(patiently);
    await page.locator('[data-token="3"]').first().hover();
    await page.getByText(/^Token 4 of \d+ · id \d+/).waitFor(patiently);
    const drawn = await page.locator('[data-token]').evaluateAll((all) =>
      all
        .slice(1)
        .map((each) => each.textContent)
        .join(''),
    );
    expect(drawn).toContain('The harbour woke slowly that morning.');
    await shot('reader-tokens');
    await page.keyboard.press('t');
    await expect.poll(() => page.locator('[data-token]').count()).toBe(0);
  });

  test('goes on by key, and never makes a link of what is no web address', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Open the address in the browser' }).waitFor(patiently);
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Row 1', exact: true }).waitFor(patiently);
    await page.getByText('Line 0 of a very long').last().waitFor(patiently);
    // The document before stays until this one is there.
    const openers = page.getByRole('button', { name: 'Open the address in the browser' });
    await expect.poll(() => openers.count()).toBe(0);
  });

  test('draws only what is in sight of a very long document, and finds its end', async () => {
    const { page } = studio;
    await page.getByText('Line 0 of a very long').last().waitFor(patiently);
    const nodes = await page.evaluate(() => document.querySelectorAll('[data-index]').length);
    expect(nodes).toBeLessThan(60);
    await page.keyboard.press('Control+f');
    await page.getByRole('searchbox', { name: 'Search this document' }).fill('Line 25999 of');
    await page.getByText('1 of 1', { exact: true }).waitFor(patiently);
    await page.locator('mark[data-current]').waitFor(patiently);
    expect(await page.locator('mark[data-current]').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await page.locator('h2').first().click();
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Row 2' }).waitFor(patiently);
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await page.getByText('The harbour woke slowly').last().waitFor(patiently);
  });

  test('opens a tokenized folder as documents, decoded as its metadata or a person say', async () => {
    const { page, workspace } = studio;
    await studio.go('#/data/data/tokenized?row=0');
    await page.getByText('1,744 tokens of 2 bytes, read with').waitFor(patiently);
    await page.getByText('The harbour woke slowly').first().waitFor(patiently);
    await rm(join(workspace, 'data', 'tokenized', '00001_unshuffled.ds.metadata'));
    await rm(join(workspace, 'tokenizers', 'byte-level', 'tokenizer.json'));
    // The window hears of changed files a moment later; opening again shows what it has heard.
    await expect
      .poll(async () => {
        await studio.go('#/data/data/documents.parquet');
        await page.getByRole('heading', { name: 'documents.parquet' }).waitFor(patiently);
        await studio.go('#/data/data/tokenized');
        await page.getByRole('heading', { name: 'tokenized' }).waitFor(patiently);
        await studio.settled();
        return page.getByText(/00001_unshuffled.ds has no metadata/).count();
      }, patiently)
      .toBe(1);
    await page.getByText(/Rows show ids: the tokenizer tokenizers\/byte-level/).waitFor(patiently);
    expect(studio.pageErrors).toEqual([]);
  });
});
