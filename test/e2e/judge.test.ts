// A language model judges twenty documents in a real Chromium against `nesso serve` and a real HTTP server: the prompt is seen
// and tried, the run outlives the window and a kill, is resumed without paying twice, and says what the server said.
// Leaves screenshots when NESSO_SCREENSHOTS is set.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JudgementLine, judgementLine } from '../../core/lib/judges/judgement-line.ts';
import { type JudgeServer, startJudgeServer } from '../support/judge-server.ts';
import { waitFor } from '../support/test-core.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const screenshots = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');
const patiently = { timeout: 120_000 };
const KEY = 'sk-judge-in-the-window-42';
const FOLDER = 'educational-judge-1';

/** What this server thinks of a document: by its length, so that scores differ; every fifth one is unclear. */
function generationsOf(prompt: string, samples: number): readonly string[] {
  return Array.from({ length: samples }, (_, index) => {
    if (prompt.length % 5 === 0) return 'It is hard to say how much anybody learns from this.';
    const score = (prompt.length + (index === 2 ? 1 : 0)) % 6;
    return `The passage explains its subject in order, with one example.\nEducational score: ${score}`;
  });
}

describe('language models as judges', () => {
  let studio: Studio;
  let server: JudgeServer;
  /** Requests beyond so many wait until the test allows more. */
  let most = Number.POSITIVE_INFINITY;

  const shot = async (name: string): Promise<void> => {
    if (!process.env['NESSO_SCREENSHOTS']) return;
    mkdirSync(screenshots, { recursive: true });
    await studio.page.screenshot({ path: join(screenshots, `${name}.png`) });
  };
  const lines = (): readonly JudgementLine[] => {
    try {
      return readFileSync(join(studio.workspace, 'judgements', FOLDER, 'annotations.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => judgementLine.parse(JSON.parse(line)));
    } catch {
      return [];
    }
  };
  const board = () => studio.page.getByRole('region', { name: 'Judgement' });
  const question = () => studio.page.getByRole('region', { name: 'Question' });

  beforeAll(async () => {
    server = await startJudgeServer({
      key: KEY,
      models: [{ id: 'judge-1', max_model_len: 4096 }, { id: 'judge-2' }],
      reply: async ({ prompt, n }) => {
        const place = server.requests.length;
        await waitFor(() => place <= most);
        return { kind: 'texts', texts: generationsOf(prompt, n) };
      },
    });
    studio = await startStudio();
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
    await server.stop();
  });

  test('shows the prompt of a document, and how an answer is read', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Data' }).click();
    await page.getByRole('option', { name: /documents\.parquet/ }).click();
    await page.getByRole('radio', { name: 'Judge' }).click();
    await question()
      .getByRole('textbox', { name: /^Prompt/ })
      .waitFor();
    const prompt = page.getByTestId('prompt');
    await prompt.waitFor();
    expect(await prompt.textContent()).toContain('Educational score: <total points>');
    expect(await prompt.textContent()).not.toContain('{document}');
    await page
      .getByRole('textbox', { name: 'An answer to try' })
      .fill('Educational score: 2 or rather Educational score: 3.5');
    await page.getByText('No valid score').waitFor();
    await question()
      .getByRole('button', { name: /Whole numbers only/ })
      .click();
    await page.getByRole('option', { name: /Round and clamp/ }).click();
    await page.getByText('Score 4').waitFor();
    await question()
      .getByRole('button', { name: /Round and clamp/ })
      .click();
    await page.getByRole('option', { name: /Whole numbers only/ }).click();
    await page.getByRole('textbox', { name: 'An answer to try' }).fill('');
  });

  test('refuses a prompt without a place for the document, imports one, and goes back', async () => {
    const { page } = studio;
    const prompt = question().getByRole('textbox', { name: /^Prompt/ });
    await prompt.fill('No place for it');
    await question().getByText('prompt: must contain {document} exactly once').waitFor();
    expect(await page.getByRole('button', { name: 'Start judging' }).isDisabled()).toBe(true);
    const file = join(studio.folder, 'adult.yaml');
    await writeFile(
      file,
      'prompt: |\n  Rate this: {placeholder}\n  Adult score: <n>\nprompt_name: adult_en\n',
    );
    await page.locator('input[type=file]').setInputFiles(file);
    await question().getByText('{placeholder} became {document}').waitFor();
    expect(await question().getByRole('textbox', { name: 'Label before the score' }).inputValue()).toBe(
      'Adult score:',
    );
    await question().getByRole('button', { name: 'Save as…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save judge' }).click();
    await waitFor(() => existsSync(join(studio.workspace, 'judges', 'adult-en.yaml')));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await question()
      .getByRole('button', { name: /adult_en/ })
      .click();
    await page.getByRole('option', { name: /Educational value/ }).click();
    await expect.poll(() => prompt.inputValue(), patiently).toContain('{document}');
  });

  test('says what is wrong with a server, then lists its models', async () => {
    const { page } = studio;
    const address = question().getByRole('textbox', { name: 'Address' });
    const gone = await startJudgeServer({ reply: () => ({ kind: 'silence' }) });
    await gone.stop();
    await address.fill(gone.baseUrl);
    await question().getByRole('button', { name: 'Check' }).click();
    await question().getByText(`There is no server at ${gone.baseUrl}`).waitFor();
    await address.fill(server.baseUrl);
    await question().getByText('Needs a key').click();
    await question().getByRole('textbox', { name: 'Key' }).fill(KEY);
    await question().getByRole('button', { name: 'Check' }).click();
    await question()
      .getByText(/2 models, answered in/)
      .waitFor();
    expect(await question().getByRole('textbox', { name: 'Model', exact: true }).inputValue()).toBe(
      'judge-1',
    );
    await question().getByText('This model has a context of 4,096 tokens').waitFor();
    await question().getByRole('textbox', { name: 'Documents' }).fill('20');
    await question().getByRole('textbox', { name: 'Requests at once' }).fill('2');
    await question().getByRole('textbox', { name: 'Price in, per million' }).fill('1');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Estimate', exact: true }).click();
    const estimate = page.getByRole('region', { name: 'Estimate' });
    await estimate.getByText('documents, up to 60 requests').waitFor(patiently);
    await page.getByRole('button', { name: 'Try on 3 documents' }).click();
    const tried = page.getByRole('region', { name: 'Tried documents' });
    await expect.poll(() => tried.getByRole('article').count(), patiently).toBe(3);
    await page.getByRole('button', { name: 'Try on 3 documents' }).waitFor(patiently);
    expect(lines()).toHaveLength(0);
    await shot('judge-question');
  });

  test('judges on while the window is closed; a kill loses nothing that was answered', async () => {
    const { page } = studio;
    const before = server.requests.length;
    most = before + 3;
    await page.getByRole('button', { name: 'Start judging' }).click();
    await board().getByText('Running').waitFor(patiently);
    await waitFor(() => lines().length >= 2);
    await shot('judge-running');
    await page.goto('about:blank');
    most = before + 8;
    await waitFor(() => lines().length >= 6);
    await studio.stopServer('SIGKILL');
    const kept = lines().length;
    expect(kept).toBeLessThan(20);
    most = Number.POSITIVE_INFINITY;
    await studio.restartServer();
    await studio.go(`#/data/data/documents.parquet?view=judge&judgement=${FOLDER}`);
    await board().getByText('Stopped, can be resumed').waitFor(patiently);
    await board().getByRole('button', { name: 'Resume…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Key' }).fill(KEY);
    await dialog.getByRole('button', { name: 'Resume', exact: true }).click();
    await board().getByText('Finished').waitFor(patiently);
    expect(new Set(lines().map(({ document_id: id }) => id)).size).toBe(20);
    // Two requests were under way when core was killed.
    expect(server.requests.length - before).toBeLessThanOrEqual(22);
  });

  test('the board says what the lines say', async () => {
    const { page } = studio;
    const found = lines();
    const invalid = found.filter(({ scores }) => scores.every((score) => score === null)).length;
    const share = `${((100 * invalid) / 20).toFixed(1)} %`;
    const text = (await board().textContent()) ?? '';
    expect(text).toContain(`${share}without a valid score`);
    const table = page.getByRole('table', { name: 'Samples by what became of them' });
    expect(await table.getByRole('row').nth(1).textContent()).toContain(`valid${3 * (20 - invalid)}`);
    expect(await table.getByRole('row').nth(2).textContent()).toContain(`no valid score${3 * invalid}`);
    await page.getByRole('button', { name: 'Show Scores of documents as table' }).click();
    await page.getByRole('row', { name: `invalid ${invalid}` }).waitFor();
    await page.getByRole('button', { name: 'Show Scores of documents as chart' }).click();
    await shot('judge-board');
    // A bar leads to the documents that it counts.
    await page.getByRole('button', { name: `invalid: ${invalid}, show these documents` }).click();
    const judged = page.getByRole('table', { name: 'Judged documents' });
    await expect.poll(() => judged.getByRole('row').count(), patiently).toBe(1 + invalid);
    await page.goBack();
    await page.getByRole('button', { name: 'Show Scores of documents as table' }).waitFor(patiently);
  });

  test('results open the generations of a document', async () => {
    const { page } = studio;
    await page.getByRole('radio', { name: 'Results' }).click();
    const table = page.getByRole('table', { name: 'Judged documents' });
    await expect.poll(() => table.getByRole('row').count(), patiently).toBe(21);
    const line = lines().find(({ scores }) => scores.every((score) => score !== null));
    await table.getByRole('button', { name: line?.document_id ?? 'none' }).click();
    await page.getByRole('heading', { name: line?.document_id ?? 'none' }).waitFor();
    await page
      .locator('mark')
      .filter({ hasText: `Educational score: ${line?.scores[0]}` })
      .first()
      .waitFor();
    await shot('judge-results');
  });

  test('leads to the bench with this judgement against the people of the dataset', async () => {
    const { page } = studio;
    await page.getByRole('radio', { name: 'Board' }).click();
    await board().getByRole('button', { name: 'Compare with people' }).click();
    const matrix = page.getByRole('table', { name: 'Spearman against people' });
    await matrix.getByRole('rowheader', { name: FOLDER }).waitFor(patiently);
    expect(await page.evaluate(() => location.hash)).toContain(`with=judgements%2F${FOLDER}`);
  });

  test('the key is in no file of the workspace or the state folder, and the page reported no error', () => {
    const written = readdirSync(studio.folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(studio.folder, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path, 'latin1'));
    expect(written.some((text) => text.includes('judge:127.0.0.1'))).toBe(true);
    expect(written.some((text) => text.includes(KEY))).toBe(false);
    expect(studio.pageErrors).toEqual([]);
  });
});
