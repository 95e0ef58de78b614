// A head trained in the window on the sample documents: from the dialog to the curves, and files that are one head.
import { execFile } from 'node:child_process';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headCard } from '../../core/lib/jql/head-card.ts';
import { readHeadCheckpoint } from '../../core/lib/jql/head-checkpoint/read-head-checkpoint.ts';
import { scoreDocuments } from '../../core/lib/jql/head.ts';
import { type Studio, startStudio } from './harness/studio.ts';
import { decodeHead, ngramFeatures } from '../support/plain-head.ts';

const appFolder = join(import.meta.dirname, '..', '..');
/** A busy computer takes its time. */
const patiently = { timeout: 120_000 };

describe('training a head in the window', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  const runFolder = async (): Promise<string> => {
    const names = await readdir(join(studio.workspace, 'runs'));
    return join(studio.workspace, 'runs', names.find((name) => name.startsWith('head-')) ?? '');
  };

  test('the dialog knows labels, text, id and language, and starts a run', async () => {
    const { page } = studio;
    await studio.go('#/data/data/documents.jsonl');
    await page.getByRole('button', { name: 'Train a head…' }).click(patiently);
    const dialog = page.getByRole('dialog', { name: 'Train a head' });
    await dialog.getByText('the 448 rows').waitFor(patiently);
    for (const [label, value] of [
      ['Labels', 'rating'],
      ['Text', 'text'],
      ['Embedder', 'Built-in n-grams'],
      ['Sampling', 'Natural'],
    ] as const) {
      expect(await dialog.getByRole('button', { name: new RegExp(`^${value}.* ${label}$`) }).count()).toBe(1);
    }
    await dialog.getByRole('button', { name: /Natural.* Sampling/ }).click();
    await page.getByRole('option', { name: /Balanced/ }).click();
    await dialog.getByText('More: network, optimiser, early stop').click();
    await dialog.getByRole('textbox', { name: 'Epochs' }).fill('8');
    await dialog.getByRole('textbox', { name: 'Hidden units' }).fill('128');
    await dialog.getByRole('textbox', { name: 'Hidden units' }).press('Tab');
    await dialog.getByRole('button', { name: 'Train', exact: true }).click();
    await page.waitForURL(/#\/runs\/head-rating-of-documents-jsonl/, patiently);
  });

  test('its curves are live, and what it leaves is one head that learned', async () => {
    const { page } = studio;
    await page.getByText('Validation Spearman ρ').first().waitFor(patiently);
    await page.getByText(/done: (completed|early stop) after \d+ steps/).waitFor({ timeout: 120_000 });
    const folder = await runFolder();
    const head = decodeHead(new Uint8Array(await readFile(join(folder, 'head.safetensors'))));
    expect([head.inputs, head.hidden]).toEqual([512, 128]);
    expect(readHeadCheckpoint(new Uint8Array(await readFile(join(folder, 'head.ckpt'))))).toEqual(head);
    const card = headCard.parse(JSON.parse(await readFile(join(folder, 'head.json'), 'utf8')));
    expect(card.data).toMatchObject({ file: 'documents.jsonl', labelColumn: 'rating', sampling: 'balanced' });
    expect([...card.data.languages].sort()).toEqual(['deu', 'eng', 'fra', 'ita', 'por', 'ron', 'spa']);
    expect(card.validation?.spearman).toBeGreaterThan(0.5);
    expect(studio.pageErrors).toEqual([]);
  });

  test('the head scores documents by the command that the run shows', async () => {
    const { page, workspace } = studio;
    await page.getByText('Score with this head').waitFor(patiently);
    const shown = await page.getByText(/^nesso quality score FILE --heads/).textContent();
    const words = (shown ?? '').split(' ').slice(1);
    const given = words.map((word) => (word === 'FILE' ? 'data/documents.jsonl' : word));
    await promisify(execFile)(
      process.execPath,
      [join(appFolder, 'bin', 'nesso.mjs'), ...given.map((word) => word.replace('OUTPUT', 'data/scored'))],
      { cwd: workspace },
    );
    await studio.go('#/data/data/scored.parquet');
    await page.getByRole('columnheader', { name: /score_head/ }).waitFor(patiently);
    expect(studio.pageErrors).toEqual([]);
  });

  test('and from its run in the window: the dialog of a dataset opens with the head chosen', async () => {
    const { page, workspace } = studio;
    const folder = await runFolder();
    await studio.go(`#/runs/${folder.slice(folder.lastIndexOf('/') + 1)}`);
    await page.getByRole('button', { name: 'Score documents with this head' }).click(patiently);
    const entries = await page.getByRole('menuitem').allTextContents();
    expect(entries[0]).toContain('it was trained on these');
    expect(entries[0]).toContain('data/documents.jsonl');
    await page.getByRole('menuitem', { name: 'data/documents.parquet' }).click();
    const dialog = page.getByRole('dialog', { name: 'Score documents' });
    await dialog.waitFor(patiently);
    const chosen = dialog.getByRole('checkbox', { checked: true });
    await expect.poll(() => chosen.count(), patiently).toBe(1);
    await dialog.getByText(`${folder.slice(workspace.length + 1)}/head.safetensors`).waitFor();
    const head = decodeHead(new Uint8Array(await readFile(join(folder, 'head.safetensors'))));
    await dialog.getByRole('button', { name: 'Try on 5 documents' }).click();
    const text = await readFile(join(workspace, 'data', 'documents.jsonl'), 'utf8');
    const wanted = text
      .split('\n')
      .slice(0, 5)
      .map((json) => {
        const document = JSON.parse(json) as { readonly text: string };
        const [score = Number.NaN] = scoreDocuments(head, ngramFeatures(document.text));
        return score.toFixed(3).replace('-', '−');
      });
    await expect
      .poll(
        () =>
          dialog
            .getByRole('table', { name: 'Scores of a few documents' })
            .getByRole('cell')
            .allTextContents(),
        patiently,
      )
      .toEqual(wanted);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(new URL(page.url()).hash).not.toContain('score=');
    expect(studio.pageErrors).toEqual([]);
  });

  test('over an embedding model, it embeds first and then starts the run by itself', async () => {
    const { page, workspace } = studio;
    await cp(join(appFolder, 'test', 'fixtures', 'embedder'), join(workspace, 'models', 'small-encoder'), {
      recursive: true,
    });
    await studio.go('#/data/data/documents.jsonl');
    await page.getByRole('button', { name: 'Train a head…' }).click(patiently);
    const dialog = page.getByRole('dialog', { name: 'Train a head' });
    await dialog.getByRole('button', { name: /Built-in n-grams.* Embedder/ }).click(patiently);
    await page.getByRole('option', { name: /models\/small-encoder/ }).click();
    await dialog.getByRole('textbox', { name: 'Name of the run' }).fill('Over vectors');
    await dialog.getByRole('button', { name: 'Embed and train' }).click();
    await page.getByText('448 documents embedded, training has started').waitFor({ timeout: 120_000 });
    await page.getByRole('button', { name: 'Show the run' }).click();
    await page.waitForURL(/#\/runs\/over-vectors/, patiently);
    await page.getByText(/done: (completed|early stop) after \d+ steps/).waitFor({ timeout: 120_000 });
    const names = await readdir(join(workspace, 'runs'));
    const folder = join(workspace, 'runs', names.find((name) => name.startsWith('over-vectors')) ?? '');
    const card = headCard.parse(JSON.parse(await readFile(join(folder, 'head.json'), 'utf8')));
    expect(card.embedder.id).not.toBe('hashed-ngrams');
    expect(card.embedder.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(card.data).toMatchObject({ source: 'documents.jsonl', labelColumn: 'rating' });
    expect(card.rows.train + card.rows.validation).toBe(448);
    expect(studio.pageErrors).toEqual([]);
  });
});
