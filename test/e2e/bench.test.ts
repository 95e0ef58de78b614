// The judge bench as a person uses it on the sample: the matrix against numbers computed here, the documents behind a cell, and
// what is exported. Leaves a screenshot when NESSO_SCREENSHOTS is set.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { slowChildren } from '../support/slow-child.ts';
import { repositoryFolder } from '../support/test-core.ts';
import { exportFigure, textsOfSvg } from './harness/figures.ts';
import { startStudio, type Studio } from './harness/studio.ts';

const sampleLine = z.object({
  id: z.string(),
  text: z.string(),
  language: z.string(),
  rating: z.number(),
  score_gemma: z.number(),
  score_mistral: z.number(),
  score_llama: z.number(),
});
type SampleLine = z.infer<typeof sampleLine>;
type Score = 'score_gemma' | 'score_mistral' | 'score_llama';

const documents: readonly SampleLine[] = readFileSync(
  join(repositoryFolder, 'resources', 'sample-workspace', 'data', 'documents.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => sampleLine.parse(JSON.parse(line)));
const codes: Readonly<Record<string, string>> = {
  de: 'deu',
  es: 'spa',
  fr: 'fra',
  it: 'ita',
  en: 'eng',
  pt: 'por',
  ro: 'ron',
};

/** The mean of the places a value takes: counted, not sorted. */
function rank(values: readonly number[], value: number): number {
  const below = values.filter((other) => other < value).length;
  const equal = values.filter((other) => other === value).length;
  return below + (equal + 1) / 2;
}

/** Another way than the bench's: covariance of ranks that were counted. */
function spearman(language: string, score: Score): number {
  const own = documents.filter((document) => document.language === codes[language]);
  // The Parquet file holds scores as 32-bit floats.
  const scores = own.map((document) => Math.fround(document[score]));
  const ratings = own.map(({ rating }) => rating);
  const a = scores.map((value) => rank(scores, value));
  const b = ratings.map((value) => rank(ratings, value));
  const middle = (own.length + 1) / 2;
  const sum = (left: readonly number[], right: readonly number[]) =>
    left.reduce((total, value, index) => total + (value - middle) * ((right[index] ?? 0) - middle), 0);
  return sum(a, b) / Math.sqrt(sum(a, a) * sum(b, b));
}

describe('the judge bench', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio({ theme: 'dark' });
  });
  afterAll(() => studio[Symbol.asyncDispose]());

  const matrix = () => studio.page.getByRole('table', { name: 'Spearman against people' });
  const exported = (figure: string, entry: string) => exportFigure(studio.page, figure, entry);

  test('opens on the sample and shows what an independent computation finds', async () => {
    const { page } = studio;
    await studio.go('#/data/data/documents.parquet');
    await page.getByRole('radio', { name: 'Bench' }).click();
    await matrix().waitFor();
    for (const head of ['gemma', 'mistral', 'llama'] as const) {
      const values = Object.keys(codes).map((language) => spearman(language, `score_${head}`));
      for (const [index, language] of Object.keys(codes).entries()) {
        const shown = await matrix()
          .getByRole('button', { name: `${head}, ${language}:` })
          .textContent();
        expect(shown, `${head} ${language}`).toBe(values[index]?.toFixed(3));
      }
      const row = matrix().getByRole('row', { name: new RegExp(`^${head} `) });
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(await row.getByRole('cell').last().textContent()).toBe(mean.toFixed(3));
    }
    // What four languages of thirteen give is not called avg-13.
    await matrix().getByRole('columnheader', { name: 'avg-13: 4 of 13' }).waitFor();
    if (process.env['NESSO_SCREENSHOTS'])
      await page.screenshot({ path: join(repositoryFolder, 'docs', 'screenshots', 'bench.png') });
  });

  test('the paper stands below, and differences to one of its rows can be shown', async () => {
    const { page } = studio;
    const row = matrix().getByRole('row', { name: /^JQL-Mistral JQL paper, Fig\. 3/ });
    expect(await row.getByRole('cell').first().textContent()).toBe('0.747');
    await page
      .getByRole('button', { name: /^Spearman/ })
      .first()
      .click();
    await page.getByRole('option', { name: 'Difference to JQL-Mistral' }).click();
    const difference = spearman('de', 'score_gemma') - 0.747;
    await expect
      .poll(() => matrix().getByRole('button', { name: 'gemma, de:' }).textContent())
      .toBe(`+${difference.toFixed(3)}`);
    await page.getByRole('button', { name: /Difference to/ }).click();
    await page.getByRole('option', { name: 'Spearman', exact: true }).click();
  });

  test('sorts by a language', async () => {
    const order = Object.entries({
      gemma: 'score_gemma',
      mistral: 'score_mistral',
      llama: 'score_llama',
    } as const)
      .toSorted(([, a], [, b]) => spearman('es', b) - spearman('es', a))
      .map(([name]) => name);
    await matrix().getByRole('button', { name: 'es', exact: true }).click();
    const names = async () => (await matrix().getByRole('rowheader').allTextContents()).slice(0, 3);
    await expect.poll(names).toEqual(order);
  });

  test('a cell shows the documents on which people and the head differ most', async () => {
    const { page } = studio;
    await matrix().getByRole('button', { name: 'llama, it:' }).click();
    const list = page.getByRole('list', { name: 'Largest disagreements' });
    await list.waitFor();
    const apart = (document: SampleLine) => Math.abs(Math.fround(document.score_llama) - document.rating);
    const [worst] = documents
      .filter(({ language }) => language === 'ita')
      .toSorted((a, b) => apart(b) - apart(a));
    const first = list.getByRole('listitem').first();
    await first.getByRole('button', { name: worst?.id ?? '' }).waitFor();
    expect(await first.textContent()).toContain(worst?.text.slice(0, 40).split('\n')[0]);
  });

  test('cells of a confusion, bars of people and points of a threshold curve open their documents', async () => {
    const { page } = studio;
    const half = (score: number) => Math.floor(Math.min(5, Math.max(0, score)) + 0.5);
    const llama = (document: SampleLine) => Math.fround(document.score_llama);
    const listed = page.getByRole('list', { name: 'Chosen documents' });
    const shows = async (own: readonly SampleLine[], words: string) => {
      await page
        .getByText(`${own.length === 1 ? '1 document' : `${own.length} documents`}, ${words}`)
        .waitFor();
      await expect.poll(() => listed.getByRole('listitem').count()).toBe(Math.min(30, own.length));
      const ids = await listed.getByRole('button').allTextContents();
      expect(own.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    };
    await page.getByRole('tab', { name: 'Classes' }).click();
    const cell = documents.filter((document) => half(document.rating) === 3 && half(llama(document)) === 2);
    expect(cell.length).toBeGreaterThan(0);
    const confusion = page.getByRole('table', { name: 'Confusion of llama' });
    const opens = confusion.getByRole('button', { name: /^3, 2: / });
    await opens.click();
    await shows(cell, 'people: 3, llama: 2');
    await expect.poll(() => opens.getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('tab', { name: 'People' }).click();
    // With keys alone: one stop for Tab, arrows from bar to bar.
    await page.getByRole('button', { name: /^0: .*show these documents$/ }).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    const two = documents.filter(({ rating }) => half(rating) === 2);
    await page.getByText(`The first 30 of ${two.length} documents, people: 2`).waitFor();
    await page.getByRole('tab', { name: 'Thresholds' }).click();
    const high = documents.filter((document) => llama(document) >= 4);
    const point = page.getByRole('button', { name: /^llama: [\d.]+ % at 4 or more, show these documents$/ });
    await point.click();
    const count = high.length > 30 ? `The first 30 of ${high.length} documents` : `${high.length} document`;
    await page.getByText(new RegExp(`^${count}s?, llama: 4 or more$`)).waitFor();
    await page.getByRole('tab', { name: 'Spearman' }).click();
    await matrix().getByRole('button', { name: 'llama, it:' }).click();
    await page.getByRole('list', { name: 'Largest disagreements' }).waitFor();
  });

  test('exports the matrix as SVG that stands alone, and as CSV with every digit', async () => {
    const { page } = studio;
    const svg = await exported('Spearman against people', 'Export SVG');
    expect(svg.name).toBe('Spearman-against-people.svg');
    const texts = await textsOfSvg(page, svg.text);
    expect(texts).toContain(spearman('ro', 'score_mistral').toFixed(3));
    expect(texts).toContain('Spearman against people');
    const left = (text: string) =>
      Number(new RegExp(`<text x="([\\d.]+)"[^>]*>${text}</text>`).exec(svg.text)?.[1]);
    expect(left('gemma')).toBeLessThan(left(spearman('de', 'score_gemma').toFixed(3)));
    // Light, although the studio is dark.
    expect(svg.text).toContain('fill="#ffffff"');
    const csv = await exported('Spearman against people', 'Export CSV');
    const [header = '', ...rows] = csv.text.trim().split('\n');
    expect(header.split(',').slice(0, 8)).toEqual(['Source', 'de', 'es', 'fr', 'it', 'en', 'pt', 'ro']);
    const gemma = rows.find((row) => row.startsWith('gemma,'))?.split(',') ?? [];
    expect(Number(gemma[1])).toBeCloseTo(spearman('de', 'score_gemma'), 12);
  });

  test('exports every figure of the report into the workspace', async () => {
    const { page } = studio;
    await page.getByRole('tab', { name: 'Report' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('First look');
    await page.getByRole('button', { name: 'Export all' }).click();
    await page.getByText('files written').first().waitFor();
    const folder = join(studio.workspace, 'reports', 'First-look');
    const names = readdirSync(folder);
    const svgs = names.filter((name) => name.endsWith('.svg'));
    expect(svgs.length).toBeGreaterThanOrEqual(12);
    for (const name of svgs) {
      expect((await textsOfSvg(page, readFileSync(join(folder, name), 'utf8'))).length).toBeGreaterThan(2);
      expect(names).toContain(name.replace('.svg', '.csv'));
    }
    const report = readFileSync(join(folder, 'report.md'), 'utf8');
    for (const [, picture] of report.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) expect(names).toContain(picture);
    expect(report).toContain('![Spearman against people](Spearman-against-people.svg)');
    expect(studio.pageErrors).toEqual([]);
  });

  test('the paper’s heads stand beside one’s own: one training language, and two token limits', async () => {
    const { page } = studio;
    await page.getByRole('tab', { name: 'Heads' }).click();
    const cross = page.getByRole('table', { name: /^Heads of one language on every language.*JQL paper/ });
    // Fig. 18: 32 training languages; the values of the first and the last column as printed.
    await cross.getByRole('columnheader', { name: 'bg', exact: true }).waitFor();
    const gemma = cross.getByRole('row', { name: /^Gemma/ }).getByRole('cell');
    expect(await gemma.count()).toBe(32);
    expect([await gemma.first().textContent(), await gemma.last().textContent()]).toEqual(['0.717', '0.717']);
    await page
      .getByText(/hy → mt 0\.459 \(Gemma\), hr → sk 0\.785 \(Gemma\)/)
      .first()
      .waitFor();
    const limits = page.getByRole('table', { name: /512 and at 8192 tokens \(JQL paper\)/ });
    const row = limits.getByRole('row', { name: /^Mistral, balanced/ }).getByRole('cell');
    expect(await row.allTextContents()).toEqual(['0.67', '0.74']);
  });

  test('one’s own heads show the documents behind each of their figures, by mouse and by keyboard', async () => {
    const { page } = studio;
    const at = (...names: readonly string[]): string => join(studio.workspace, ...names);
    // Two heads trained here: their cards say on what.
    const columns = [
      { column: 'score_gemma', languages: ['ita_Latn'], documents: 400 },
      { column: 'score_mistral', languages: ['deu_Latn'], documents: 4000 },
    ].map(({ column, languages, documents: train }) => {
      const bytes = Buffer.from(`the weights of ${column}`);
      mkdirSync(at('runs', column), { recursive: true });
      writeFileSync(at('runs', column, 'head.safetensors'), bytes);
      const card = { kind: 'jql-head', data: { languages }, rows: { train }, training: { epochsDone: 7 } };
      writeFileSync(at('runs', column, 'head.json'), JSON.stringify(card));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return {
        column,
        head: { name: column, file: 'head.safetensors', sha256, inputs: 4, hidden: 2 },
        embedder: { id: 'e', variant: 'fp32', dimensions: 4, sha256: null },
      };
    });
    copyFileSync(at('data/documents.parquet'), at('data/heads.parquet'));
    const origin = {
      format: 'nesso-scores',
      version: 1,
      createdAt: '2026-01-01T00:00:00Z',
      textColumn: 'text',
      source: { file: 'x', sizeBytes: 1, rows: 1 },
      columns,
      output: {
        file: 'heads.parquet',
        sizeBytes: statSync(at('data/heads.parquet')).size,
        rows: documents.length,
      },
    };
    writeFileSync(at('data/heads.scores.json'), JSON.stringify(origin));
    await studio.go('#/data/data/documents.parquet?view=bench&show=heads&with=data%2Fheads.parquet');
    const regimes = page.getByRole('table', { name: 'Heads by the languages they were trained on' });
    const inspector = page.getByLabel(/^Inspector of/);
    const first = async (): Promise<string | null> =>
      inspector.getByRole('list').getByRole('listitem').first().textContent();
    const italian = documents.filter(({ language }) => language === 'ita');

    // Spanish is of the family of Italian and German of another: each cell is one head's.
    await regimes.getByRole('button', { name: /^one language.*, it: .*show the documents$/ }).click();
    await inspector.getByRole('heading', { name: 'gemma' }).waitFor();
    await inspector.getByText(/^ρ 0\.9\d{3}.*, 64 documents/).waitFor();
    expect(italian).toHaveLength(64);
    expect(await first()).toContain('gemma');
    // Another head on the same documents.
    await inspector.getByRole('button', { name: /Judge or head/ }).click();
    await page.getByRole('option', { name: 'mistral' }).click();
    await inspector.getByRole('heading', { name: 'mistral' }).waitFor();
    expect(await first()).toContain('mistral');

    const cross = page.getByRole('table', { name: 'Trained on one language, tested on every one' });
    const cell = cross.getByRole('button', { name: /^gemma.*, de: .*show the documents$/ });
    await cell.focus();
    await page.keyboard.press('Enter');
    await inspector
      .getByText(/German/)
      .first()
      .waitFor();
    await inspector.getByRole('heading', { name: 'gemma' }).waitFor();

    const point = page.getByRole('button', {
      name: /^mistral: 0\.\d{3} with 4,000 training documents, show its documents$/,
    });
    await point.click();
    await inspector.getByText(/^ρ 0\.\d{4}, mean of languages/).waitFor();
    await inspector.getByText('all languages').waitFor();
    expect(studio.pageErrors).toEqual([]);
  });

  test('36 languages fit the matrix, and comparing can be cancelled and begun again', async () => {
    const { page } = studio;
    // The 35 of the paper and English, every one with documents whose scores lie around what people said.
    const all =
      'bul cat ces dan deu ell spa est eus fin fra gle glg hrv hun hye isl ita ' +
      'lit lvs mkd mlt nob nld nno pol por ron slk slv als srp swe tur ukr eng';
    const heads = ['a', 'b', 'c', 'd', 'e', 'f'];
    const lines = all.split(' ').flatMap((language) =>
      Array.from({ length: 300 }, (_, row) => {
        const rating = row % 6;
        const scores = heads.map((name, at) => [`score_${name}`, rating + ((row * (at + 3)) % 17) / 4]);
        return JSON.stringify({ id: `${language}-${row}`, language, rating, ...Object.fromEntries(scores) });
      }),
    );
    writeFileSync(join(studio.workspace, 'data', 'many.jsonl'), `${lines.join('\n')}\n`);
    // However quick this computer is, there is something to cancel.
    using slow = slowChildren('native-duckdb', studio.serverPid);
    await studio.go('#/data/data/many.jsonl?view=bench');
    const cancel = page.getByRole('button', { name: 'Cancel', exact: true });
    await cancel.waitFor();
    slow.hold();
    await cancel.click();
    slow[Symbol.dispose]();
    await page.getByText('Comparing was cancelled').waitFor();
    await page.getByRole('button', { name: 'Compare again' }).click();
    await matrix().waitFor({ timeout: 120_000 });
    // Name, 36 languages, three averages.
    expect(await matrix().getByRole('columnheader').count()).toBe(40);
    await matrix().getByRole('columnheader', { name: 'avg-35', exact: true }).waitFor();
    await matrix().getByRole('columnheader', { name: 'avg-13', exact: true }).waitFor();
  });

  test('says what is missing where nobody has rated', async () => {
    const { page } = studio;
    await studio.go('#/data/data/nothing.jsonl?view=bench');
    await page
      .getByText(/nothing\.jsonl/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  });
});
