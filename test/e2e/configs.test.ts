// The config desk in a real Chromium: the published config explained and fixed, one buffer for text and form,
// completion and hover, and never losing or overwriting anybody's edit.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Studio, startStudio } from './harness/studio.ts';

const ZAGREUS = 'configs/zagreus-0.4B-ita.yaml';
const SMOLLM = 'configs/smollm2-135m.yaml';

/** Defects of the published config, by rule and line. */
const PUBLISHED_DEFECTS: readonly (readonly [code: string, line: number])[] = [
  ['key-outside-its-section', 5],
  ['key-outside-its-section', 6],
  ['key-outside-its-section', 7],
  ['yaml-syntax', 7],
  ['resume-fixed-step', 5],
  ['dataset-weights-missing', 11],
  ['rate-flat-at-minimum', 105],
  ['validation-not-implemented', 106],
];

let studio: Studio;
let page: Page;
let original: string;

const pathOf = (config: string): string => join(studio.workspace, config);
const onDisk = (config: string): Promise<string> => readFile(pathOf(config), 'utf8');

async function open(config: string): Promise<void> {
  await studio.go(`#/configs/${config}`);
  await page.getByRole('heading', { name: config.split('/').at(-1) ?? '' }).waitFor();
  await page.getByTestId('derived').waitFor();
}

function field(path: string): Locator {
  return page.locator(`[id="field:${path}"]`);
}

function findings(): Locator {
  return page.getByRole('region', { name: 'Findings' }).locator('[data-code]');
}

async function save(): Promise<void> {
  await page.keyboard.press('Control+s');
}

/** Writes like another program does, and waits until the window has heard of it. */
async function editElsewhere(config: string, from: string | RegExp, to: string): Promise<void> {
  const text = await onDisk(config);
  const next = text.replace(from, to);
  expect(next).not.toBe(text);
  await writeFile(pathOf(config), next);
}

function changedLines(before: string, after: string): readonly string[] {
  const old = before.split('\n');
  const lines = after.split('\n');
  expect(lines.length).toBe(old.length);
  return lines.filter((line, index) => line !== old[index]);
}

describe('the config desk', () => {
  beforeAll(async () => {
    studio = await startStudio();
    ({ page } = studio);
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });
  afterEach(() => {
    expect(studio.pageErrors.filter((message) => !message.includes('404'))).toEqual([]);
  });

  it('explains every defect of the published config at its line', async () => {
    await open(ZAGREUS);
    original = await onDisk(ZAGREUS);
    await findings().first().waitFor();
    const rows = await findings().evaluateAll((elements) =>
      elements.map((element) => ({
        code: element.getAttribute('data-code') ?? '',
        place: /\d+:\d+/.exec(element.textContent ?? '')?.[0] ?? '',
      })),
    );
    for (const [code, line] of PUBLISHED_DEFECTS) {
      expect(rows.some((row) => row.code === code && row.place.startsWith(`${line}:`))).toBe(true);
    }
    const places = rows.map(({ place }) => Number(place.split(':')[0]));
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(await page.getByTestId('parameters').textContent()).toBe('437,760,960');
  });

  it('changes exactly one line from the form, follows in text and numbers, and undoes in one history', async () => {
    await open(ZAGREUS);
    const input = field('tokens.micro_batch_size');
    await input.scrollIntoViewIfNeeded();
    await input.click();
    await page.keyboard.type('16');
    await page.getByText('4,194,304', { exact: true }).waitFor();
    await save();
    await expect.poll(() => onDisk(ZAGREUS)).not.toBe(original);
    expect(changedLines(original, await onDisk(ZAGREUS))).toEqual(['  micro_batch_size: 16']);

    await page.keyboard.press('Control+z');
    await page.getByText('1,048,576', { exact: true }).waitFor();
    expect(await input.inputValue()).toBe('4');
    await save();
    await expect.poll(() => onDisk(ZAGREUS)).toBe(original);
  });

  it('follows in the form and the numbers what is typed in the text', async () => {
    await open(SMOLLM);
    await page.getByTestId('config-editor').click();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('micro_batch_size: 8');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('2');
    await expect.poll(() => field('tokens.micro_batch_size').inputValue()).toBe('2');
    await page.getByText('262,144', { exact: true }).waitFor();
    // The digit and the deletion before it are two steps.
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.getByText('1,048,576', { exact: true }).waitFor();
    await page.getByText('edited', { exact: true }).waitFor({ state: 'hidden' });
  });

  it('offers the fix at the cursor too', async () => {
    await open(ZAGREUS);
    const count = await findings().count();
    await findings().filter({ hasText: 'resume_checkpoint_path belongs' }).locator('[data-row]').click();
    await page.locator('.monaco-editor.focused').waitFor();
    const fix = page.locator('.action-widget').getByText(/Move resume_checkpoint_path/);
    // The editor gives its question up when findings come anew meanwhile: it is asked again, as a person does.
    await expect
      .poll(
        async () => {
          if (await fix.isVisible()) return true;
          await page.keyboard.press('Control+.');
          return false;
        },
        { interval: 2000 },
      )
      .toBe(true);
    await fix.click();
    await expect.poll(() => findings().count()).toBeLessThan(count);
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await expect.poll(() => findings().count()).toBe(count);
  });

  it('makes the published config clean with one press, and takes all of it back with one undo', async () => {
    await open(ZAGREUS);
    await page.getByRole('button', { name: /^Fix all/ }).click();
    await page.getByRole('region', { name: 'Findings' }).getByText('No errors').waitFor();
    const left = await findings().evaluateAll(
      (rows) =>
        rows.filter((row) => row.querySelector('[aria-label="error"], [aria-label="warning"]') !== null)
          .length,
    );
    expect(left).toBe(0);
    await save();
    await page.getByText('saved', { exact: true }).waitFor();
    const fixed = await onDisk(ZAGREUS);
    expect(fixed).toContain('  save_initial_state: false');
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await page.getByText('edited', { exact: true }).waitFor();
    await save();
    await expect.poll(() => onDisk(ZAGREUS)).toBe(original);
  });

  it('steps through findings with F8 and shows their place in the text', async () => {
    await open(ZAGREUS);
    await page.keyboard.press('F8');
    const current = page.locator('[data-code][data-current]');
    await current.waitFor();
    const first = await current.textContent();
    await page.keyboard.press('F8');
    await expect.poll(() => current.textContent()).not.toBe(first);
    await page.keyboard.press('Shift+F8');
    await expect.poll(() => current.textContent()).toBe(first);
  });

  it('says type, unit and meaning on hover, and completes keys from the schema', async () => {
    await open(SMOLLM);
    const editor = page.getByTestId('config-editor');
    const hover = page.locator('.monaco-hover');
    await editor.click();
    await page.keyboard.press('Control+Home');
    await expect
      .poll(
        async () => {
          await page.mouse.move(5, 5);
          await editor
            .locator('.view-line span', { hasText: /^checkpoint_interval$/ })
            .first()
            .hover();
          // The editor takes its time; where nothing comes, the pointer goes there again.
          await hover
            .first()
            .waitFor({ timeout: 3000 })
            .catch(() => undefined);
          return (await hover.allInnerTexts()).join('\n');
        },
        { timeout: 120_000 },
      )
      .toMatch(/Type: whole number[\s\S]*Unit: steps/);

    await editor.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('prof');
    const suggestion = page.locator('.suggest-widget').getByText('profiler').first();
    await suggestion.waitFor();
    await page.keyboard.press('Escape');
    for (let press = 0; press < 5; press += 1) await page.keyboard.press('Control+z');
    await page.getByText('edited', { exact: true }).waitFor({ state: 'hidden' });
  });

  it('brings unsaved text back after a reload', async () => {
    await open(SMOLLM);
    const before = await onDisk(SMOLLM);
    await field('general.seed').click();
    await page.keyboard.type('77');
    await page.getByText('edited', { exact: true }).waitFor();
    await expect.poll(() => studio.remembered(), { timeout: 120_000 }).toMatch(/seed: 77/);
    await page.reload();
    await page.getByText(/Unsaved text from .* was put back/).waitFor();
    expect(await field('general.seed').inputValue()).toBe('77');
    expect(await onDisk(SMOLLM)).toBe(before);
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => field('general.seed').inputValue()).not.toBe('77');
  });

  it('makes a config from a template, renames it, deletes it, and brings it back', async () => {
    await page.getByRole('button', { name: 'JQL ablation 2B' }).click();
    const dialog = page.getByRole('dialog', { name: 'New config' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('my ablation');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'my ablation.yaml' }).waitFor();
    const text = await onDisk('configs/my ablation.yaml');
    expect(text).toContain('model_config');

    await page.getByRole('button', { name: 'Actions for my ablation.yaml' }).click();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('ablation-it');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('heading', { name: 'ablation-it.yaml' }).waitFor();
    expect(await onDisk('configs/ablation-it.yaml')).toBe(text);

    await page.getByRole('button', { name: 'Actions for ablation-it.yaml' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const notice = page.getByText('ablation-it.yaml deleted');
    await notice.waitFor();
    await expect.poll(() => onDisk('configs/ablation-it.yaml').catch(() => 'gone')).toBe('gone');
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(() => onDisk('configs/ablation-it.yaml').catch(() => 'gone')).toBe(text);
    await page.getByRole('heading', { name: 'ablation-it.yaml' }).waitFor();
  });

  it('shows the difference to a template in words and key by key', async () => {
    await studio.go(`#/configs/compare?before=template%3Asmollm2-135M&after=${ZAGREUS}`);
    await page
      .getByTestId('meanings')
      .getByText(/Same tokens/)
      .first()
      .waitFor();
    await page.getByRole('rowheader', { name: 'tokens.sequence_length' }).waitFor();
  });
});

describe('two programs on one config', () => {
  beforeEach(async () => {
    studio = await startStudio();
    ({ page } = studio);
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await open(SMOLLM);
  });
  afterEach(async () => {
    await studio[Symbol.asyncDispose]();
  });

  it('follows the disk while nothing is unsaved', async () => {
    await editElsewhere(SMOLLM, 'micro_batch_size: 8', 'micro_batch_size: 12');
    await expect.poll(() => field('tokens.micro_batch_size').inputValue()).toBe('12');
    expect(await page.getByText('edited', { exact: true }).isVisible()).toBe(false);
  });

  it('merges what was changed elsewhere at another place, and says so', async () => {
    await field('tokens.micro_batch_size').click();
    await page.keyboard.type('10');
    await page.getByText('edited', { exact: true }).waitFor();
    await editElsewhere(SMOLLM, 'run: smollm2-135M', 'run: elsewhere');
    await page.getByText('Changes made on disk were merged with yours').first().waitFor();
    await expect.poll(() => field('general.run').inputValue()).toBe('elsewhere');
    await save();
    await expect.poll(() => onDisk(SMOLLM)).toContain('micro_batch_size: 10');
    expect(await onDisk(SMOLLM)).toContain('run: elsewhere');
  });

  it('keeps the unsaved text of two windows, whichever wrote last', async () => {
    await field('general.seed').fill('77');
    await expect.poll(() => studio.remembered(), { timeout: 120_000 }).toMatch(/seed: 77/);
    const other = await page.context().newPage();
    other.setDefaultTimeout(150_000);
    await other.goto(`${new URL(page.url()).origin}/#/configs/${ZAGREUS}`);
    await other.getByTestId('derived').waitFor();
    await other.locator('[id="field:general.seed"]').fill('78');
    await expect.poll(() => studio.remembered(), { timeout: 120_000 }).toMatch(/seed: 78/);
    await field('general.seed').fill('79');
    await expect.poll(() => studio.remembered(), { timeout: 120_000 }).toMatch(/seed: 79/);
    expect(await studio.remembered()).toMatch(/seed: 78/);
    await other.reload();
    await other.getByText(/Unsaved text from .* was put back/).waitFor();
    expect(await other.locator('[id="field:general.seed"]').inputValue()).toBe('78');
    await other.close();
  });

  it('merges a save that meets a change it has not heard of', async () => {
    await field('tokens.micro_batch_size').click();
    await page.keyboard.type('10');
    await page.getByText('edited', { exact: true }).waitFor();
    await editElsewhere(SMOLLM, 'run: smollm2-135M', 'run: elsewhere');
    await save();
    await expect.poll(() => onDisk(SMOLLM)).toContain('micro_batch_size: 10');
    expect(await onDisk(SMOLLM)).toContain('run: elsewhere');
    await page.getByText('edited', { exact: true }).waitFor({ state: 'hidden' });
  });

  it('asks when both changed the same place, and writes nothing before the answer', async () => {
    await field('tokens.micro_batch_size').click();
    await page.keyboard.type('10');
    await page.getByText('edited', { exact: true }).waitFor();
    await editElsewhere(SMOLLM, 'micro_batch_size: 8', 'micro_batch_size: 12');
    const conflict = page.getByTestId('conflict');
    await conflict.waitFor();
    await save();
    // What the window asks of core afterwards is done: a save before it would be, too.
    await page.keyboard.press('Control+b');
    await expect.poll(() => studio.remembered(), { timeout: 120_000 }).toContain('"listFolded":true');
    await page.keyboard.press('Control+b');
    expect(await onDisk(SMOLLM)).toContain('micro_batch_size: 12');

    await conflict.getByRole('button', { name: 'Keep my version' }).click();
    await expect.poll(() => onDisk(SMOLLM)).toContain('micro_batch_size: 10');
  });

  it('takes the version on disk when asked to, and undo brings mine back', async () => {
    await field('tokens.micro_batch_size').click();
    await page.keyboard.type('10');
    await page.getByText('edited', { exact: true }).waitFor();
    await editElsewhere(SMOLLM, 'micro_batch_size: 8', 'micro_batch_size: 12');
    await page.getByTestId('conflict').getByRole('button', { name: 'Take the version on disk' }).click();
    await expect.poll(() => field('tokens.micro_batch_size').inputValue()).toBe('12');
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await expect.poll(() => field('tokens.micro_batch_size').inputValue()).toBe('10');
    expect(await onDisk(SMOLLM)).toContain('micro_batch_size: 12');
  });

  it('asks no more when the other program takes its change back, as a checkout does', async () => {
    const text = await onDisk(SMOLLM);
    await field('tokens.micro_batch_size').fill('10');
    await editElsewhere(SMOLLM, 'micro_batch_size: 8', 'micro_batch_size: 12');
    const conflict = page.getByTestId('conflict');
    await conflict.waitFor();
    await writeFile(pathOf(SMOLLM), text);
    await conflict.waitFor({ state: 'detached' });
    expect(await field('tokens.micro_batch_size').inputValue()).toBe('10');
    await save();
    await expect.poll(() => onDisk(SMOLLM)).toBe(text.replace('micro_batch_size: 8', 'micro_batch_size: 10'));
  });

  it('keeps the text of a file that was removed, also over a reload, lists it, and saves it again', async () => {
    const text = await onDisk(SMOLLM);
    await field('tokens.micro_batch_size').fill('10');
    await expect.poll(() => studio.remembered(), { timeout: 120_000 }).toMatch(/micro_batch_size: 10/);
    await rm(pathOf(SMOLLM));
    const banner = page.getByText('The file was removed by another program');
    await banner.waitFor();
    await open(ZAGREUS);
    await page.reload();
    await page.getByTestId('derived').waitFor();
    await page.getByRole('option', { name: /^smollm2-135m\.yaml/ }).click();
    await banner.waitFor();
    await page.getByRole('button', { name: 'Save again' }).click();
    await expect
      .poll(() => onDisk(SMOLLM).catch(() => ''))
      .toBe(text.replace('micro_batch_size: 8', 'micro_batch_size: 10'));
    await banner.waitFor({ state: 'detached' });
  });
});

describe('files of any size', () => {
  beforeAll(async () => {
    studio = await startStudio();
    ({ page } = studio);
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  it('opens a large file as plain text and refuses a huge one with the reason', async () => {
    await writeFile(join(studio.workspace, 'configs', 'large.yaml'), 'key: value\n'.repeat(550_000));
    await studio.go('#/configs/configs/large.yaml');
    await page.getByText('The file is larger than 5 MB').waitFor();
    await writeFile(join(studio.workspace, 'configs', 'huge.yaml'), 'key: value\n'.repeat(4_800_000));
    await studio.go('#/configs/configs/huge.yaml');
    await page.getByText(/huge\.yaml is .* more than .* that can be edited/).waitFor();
  });
});
