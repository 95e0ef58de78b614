// Two people annotate ten documents each with the keyboard, in a real Chromium against `nesso serve`; the agreement they see is
// what this file computes from the keys they pressed. Leaves screenshots when NESSO_SCREENSHOTS is set.
import { mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Studio, startStudio } from './harness/studio.ts';

const screenshots = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');
const patiently = { timeout: 120_000 };
const anna = [0, 1, 2, 3, 4, 5, 3, 2, 1, 4] as const;
const ben = [0, 2, 2, 3, 3, 5, 1, 2, 1, 5] as const;
const pairs = anna.map((rating, index) => [rating, ben[index] ?? 0] as const);

const documentLine = z.object({ id: z.string(), text: z.string() });
const campaignFile = z.object({ documents: z.array(documentLine.pick({ id: true })) });

/** 1 − observed / expected over all ordered pairs, straight from the definition. */
function alpha(distance: (left: number, right: number) => number): number {
  const values = pairs.flat();
  let observed = 0;
  for (const [left, right] of pairs) observed += 2 * distance(left, right);
  let expected = 0;
  for (const [i, left] of values.entries())
    for (const [j, right] of values.entries()) if (i !== j) expected += distance(left, right);
  return 1 - ((values.length - 1) * observed) / expected;
}

function ordinal(left: number, right: number): number {
  const count = (value: number) => pairs.flat().filter((other) => other === value).length;
  const [low, high] = left < right ? [left, right] : [right, left];
  let between = 0;
  for (let value = low; value <= high; value += 1) between += count(value);
  return (between - (count(low) + count(high)) / 2) ** 2;
}

function cohen(): number {
  const observed = pairs.filter(([left, right]) => left === right).length / pairs.length;
  const share = (own: readonly number[], value: number) =>
    own.filter((other) => other === value).length / own.length;
  let expected = 0;
  for (let value = 0; value <= 5; value += 1) expected += share(anna, value) * share(ben, value);
  return (observed - expected) / (1 - expected);
}

const written = (value: number, digits = 3) => value.toFixed(digits).replace('-', '−');
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

describe('annotation by several people', () => {
  let studio: Studio;
  let order: readonly string[] = [];
  let texts: ReadonlyMap<string, string>;

  const shot = async (name: string): Promise<void> => {
    if (!process.env['NESSO_SCREENSHOTS']) return;
    mkdirSync(screenshots, { recursive: true });
    await studio.page.screenshot({ path: join(screenshots, `${name}.png`) });
  };
  const at = async (position: number): Promise<void> => {
    const id = order[position] ?? '';
    const article = studio.page.getByRole('region', { name: 'Rating' }).getByRole('article');
    await expect.poll(() => article.textContent(), patiently).toContain(`Document ${position + 1} of 10`);
    expect(await article.textContent()).toContain((texts.get(id) ?? 'no such document').slice(0, 60));
  };
  const annotatorFile = (name: string) =>
    readFile(join(studio.workspace, 'annotations', 'pilot', `${name}.jsonl`), 'utf8');

  beforeAll(async () => {
    studio = await startStudio();
    const lines = (await readFile(join(studio.workspace, 'data', 'documents.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n');
    texts = new Map(
      lines.map((line) => documentLine.parse(JSON.parse(line))).map(({ id, text }) => [id, text]),
    );
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('draws ten documents evenly by a score', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Data' }).click();
    await page.getByRole('option', { name: /documents\.parquet/ }).click();
    await page.getByRole('radio', { name: 'Annotate' }).click();
    await page
      .getByRole('region', { name: 'Work on Data' })
      .getByRole('button', { name: 'New campaign…' })
      .click();
    const dialog = page.getByRole('dialog', { name: 'New campaign' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Pilot');
    await dialog.getByRole('textbox', { name: 'Documents' }).fill('10');
    await dialog.getByRole('textbox', { name: 'Ratings per document' }).fill('2');
    await dialog.getByRole('button', { name: /^From all documents alike/ }).click();
    await page.getByRole('option', { name: 'Evenly by score_gemma' }).click();
    await shot('annotate-new');
    await dialog.getByRole('button', { name: 'Draw documents' }).click();
    await page.getByRole('heading', { name: 'Who is rating?' }).waitFor();
    const file = await readFile(join(studio.workspace, 'annotations', 'pilot', 'campaign.json'), 'utf8');
    order = campaignFile.parse(JSON.parse(file)).documents.map(({ id }) => id);
    expect(new Set(order).size).toBe(10);
  });

  test('one person rates ten documents by keyboard, goes back, and resumes after a reload', async () => {
    const { page } = studio;
    await page.getByRole('textbox', { name: 'Your name' }).fill('Anna');
    await page.getByRole('textbox', { name: 'Your name' }).press('Enter');
    for (const [position, rating] of anna.slice(0, 4).entries()) {
      await at(position);
      await page.keyboard.press(position === 1 ? '5' : String(rating));
    }
    await at(4);
    await shot('annotate');
    for (const position of [3, 2, 1]) {
      await page.keyboard.press('ArrowLeft');
      await at(position);
    }
    const five = page.getByRole('button', { name: 'Rate 5' });
    await expect.poll(() => five.getAttribute('aria-pressed'), patiently).toBe('true');
    await page.keyboard.press('1');
    await at(4);
    await page.goto(page.url().replace(/[?&]at=\d+/, ''));
    await page.reload();
    await at(4);
    await page.keyboard.press('s');
    await at(5);
    for (const position of [5, 6, 7, 8, 9]) {
      await at(position);
      await page.keyboard.press(String(anna[position]));
    }
    // What was skipped comes again after all others.
    await at(4);
    await page.keyboard.press(String(anna[4]));
    await page.getByText('Nothing left for you to rate').waitFor();
    expect((await annotatorFile('anna')).trimEnd().split('\n')).toHaveLength(12);
  });

  test('another person sees nothing of it until a document has both ratings', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Change…' }).click();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ben');
    await page.getByRole('button', { name: 'Start rating' }).click();
    await at(0);
    await page.getByText('Others are hidden until the document has 2 ratings').waitFor();
    await page.keyboard.press(String(ben[0]));
    await at(1);
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Others: anna 0').waitFor();
    await page.keyboard.press('ArrowRight');
    for (const position of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      await at(position);
      await page.keyboard.press(String(ben[position]));
    }
    await page.getByText('Nothing left for you to rate').waitFor();
  });

  test('both see the agreement that an independent computation finds', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Show the report' }).click();
    const report = page.getByRole('region', { name: 'Agreement' });
    await report.getByText('20 ratings of 10 documents by 2 people').waitFor();
    const text = (await report.textContent()) ?? '';
    const equal = pairs.filter(([left, right]) => left === right).length / 10;
    const deviation = pairs.reduce((sum, [left, right]) => sum + Math.abs(left - right) / 2, 0) / 10;
    const interval = alpha((left, right) => (left - right) ** 2);
    expect(text).toContain(`${percent(equal)}majority agreement`);
    expect(text).toContain(`${percent(equal)}full agreement`);
    expect(text).toContain(`${written(deviation)}mean standard deviation`);
    expect(text).toContain(`${written(alpha(ordinal))}Krippendorff α, ordinal`);
    expect(text).toContain(`${written(interval)}Krippendorff α, interval`);
    const row = page.getByRole('table', { name: 'Agreement of pairs' }).getByRole('row').nth(1);
    expect(await row.getByRole('cell').nth(2).textContent()).toBe(written(cohen()));
    const bias = pairs.reduce((sum, [left, right]) => sum + left - right, 0) / 10;
    const table = page.getByRole('table', { name: 'Bias of each annotator' });
    const signed = (value: number) => `${value > 0 ? '+' : ''}${written(value, 2)}`;
    expect(await table.getByRole('row').nth(1).textContent()).toContain(signed(bias));
    expect(await table.getByRole('row').nth(2).textContent()).toContain(signed(-bias));
    await shot('annotate-report');
    // A bar opens the documents that it counts, with keys as with the pointer.
    const close = pairs.flatMap(([left, right], position) =>
      Math.abs(left - right) <= 1 ? [order[position]] : [],
    );
    await page.getByRole('button', { name: /^≤ 0: .*show these documents$/ }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const behind = page.getByRole('table', { name: 'Documents with a spread of at most 1' });
    await behind.waitFor();
    expect(await behind.getByRole('rowheader').or(behind.getByRole('button')).allTextContents()).toEqual(
      expect.arrayContaining(close),
    );
    expect(await behind.getByRole('row').count()).toBe(close.length + 1);
    await page.getByRole('button', { name: 'Close the list' }).click();
    await behind.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show Spread of ratings as table' }).click();
    for (const limit of [0, 1, 2]) {
      const share = pairs.filter(([left, right]) => Math.abs(left - right) <= limit).length / 10;
      await page.getByRole('row', { name: `${limit} ${percent(share)}` }).waitFor();
    }
  });

  test('a contested document opens with both ratings', async () => {
    const { page } = studio;
    const contested = order[6] ?? '';
    const table = page.getByRole('table', { name: 'Most contested documents' });
    expect(await table.getByRole('row').nth(1).textContent()).toContain(contested);
    await table.getByRole('button', { name: contested }).click();
    await at(6);
    await page.getByText('Others: anna 3').waitFor();
  });

  test('ratings that arrive from somebody else on the disk are counted', async () => {
    const { page } = studio;
    const line = { document: order[0], kind: 'rating', rating: 1, atMs: 1 };
    await writeFile(
      join(studio.workspace, 'annotations', 'pilot', 'eve.jsonl'),
      `${JSON.stringify(line)}\n{"document":`,
    );
    expect(await page.getByRole('option', { name: /anna\.jsonl/ }).count()).toBe(0);
    await page.getByRole('radio', { name: 'Report' }).click();
    await page.getByText('21 ratings of 10 documents by 3 people').waitFor();
    await page.getByText('eve.jsonl: 1 broken line left out').waitFor();
  });

  test('the page reported no error', () => {
    expect(studio.pageErrors).toEqual([]);
  });
});
