// The window itself in a real browser: palette, keys, themes, deep links, panes, what is restored, a lost core.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Studio, startStudio } from './harness/studio.ts';

const CONFIG = '#/configs/configs/zagreus-0.4B-ita.yaml';
const DATASET = '#/data/data/documents.parquet';

function hash(page: Page): Promise<string> {
  return page.evaluate(() => location.hash);
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  });
}

function paneWidth(page: Page, pane: string): Promise<number> {
  return page.locator(`[data-pane="${pane}"]`).evaluate((element) => element.getBoundingClientRect().width);
}

/** What the palette shows. */
function found(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Command palette' }).getByRole('option');
}

/** Commands have no place of their own on screen; the palette reaches each by its title. */
async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search, open, run a command' }).fill(title);
  await found(page).filter({ hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

describe('the window on an open workspace', () => {
  let studio: Studio;
  let page: Page;

  beforeAll(async () => {
    studio = await startStudio({ width: 1440, height: 900 });
    ({ page } = studio);
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  it('goes to every view from the rail and by key, and marks where it is', async () => {
    for (const [index, view] of ['Configs', 'Data', 'Runs', 'Models', 'Evaluations'].entries()) {
      await page.keyboard.press(`Control+${index + 1}`);
      await page.waitForFunction((name) => location.hash.startsWith(`#/${name}`), view.toLowerCase());
      const link = page.getByRole('link', { name: view, exact: true });
      await expect.poll(() => link.getAttribute('aria-current')).toBe('page');
      await page.locator('[data-pane="list"]').waitFor();
    }
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('heading', { name: 'Appearance' }).waitFor();
  });

  it('finds files and commands in the palette, recent ones first, and gives the focus back', async () => {
    await page.keyboard.press('Control+1');
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Search, open, run a command' });
    await field.fill('zag ita');
    const first = found(page).first();
    await found(page).filter({ hasText: 'zagreus-0.4B-ita.yaml' }).waitFor();
    await expect.poll(() => first.getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    await page.waitForFunction((target) => location.hash === target, CONFIG);

    await page.keyboard.press('Control+k');
    await field.waitFor();
    await expect.poll(() => first.textContent()).toContain('zagreus-0.4B-ita.yaml');
    await expect.poll(() => first.textContent()).toContain('recent');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => found(page).last().getAttribute('aria-selected')).toBe('true');
    await field.fill('no such thing anywhere');
    await page.getByText('Nothing is called').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    const palette = page.getByRole('button', { name: 'Search, open, run a command' });
    await palette.focus();
    await page.keyboard.press('Enter');
    await field.waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Search, open, run a command');
  });

  it('opens what a link names, and goes back and forward', async () => {
    await studio.go(DATASET);
    await expect.poll(() => page.title()).toContain('documents.parquet');
    await studio.go('#/evaluations');
    await page.getByText('Is the next checkpoint better?').waitFor();
    await page.goBack();
    await expect.poll(() => hash(page)).toBe(DATASET);
    await page.goForward();
    await expect.poll(() => hash(page)).toBe('#/evaluations');
    await studio.go('#/nowhere');
    await expect.poll(() => hash(page)).toBe('#/evaluations');
  });

  it('draws each theme, at once and after a reload', async () => {
    const grounds = new Set<string>();
    for (const theme of ['light', 'dark', 'high contrast']) {
      await runCommand(page, `Theme: ${theme}`);
      await page.waitForFunction(
        (name) => document.documentElement.dataset['theme'] === name,
        theme.replace(' ', '-'),
      );
      const groundOf = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await expect.poll(async () => grounds.has(await groundOf())).toBe(false);
      grounds.add(await groundOf());
    }
    expect(grounds.size).toBe(3);
    await page.reload();
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await expect
      .poll(() => page.evaluate(() => document.documentElement.dataset['theme']))
      .toBe('high-contrast');
    await runCommand(page, 'Theme: light');
  });

  it('lists all keys on ?, also those of the view', async () => {
    await page.keyboard.press('Shift+?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    await dialog.waitFor();
    const text = (await dialog.textContent()) ?? '';
    for (const part of ['Ctrl K', 'Go to models', 'Fold or show the list', 'Delete'])
      expect(text).toContain(part);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('filters a list by typing, opens by Enter, and moves between panes by F6', async () => {
    await studio.go('#/data');
    const list = page.getByRole('listbox').first();
    await list.getByRole('option').first().waitFor();
    const all = await list.getByRole('option').count();
    await list.getByRole('option').first().focus();
    await page.keyboard.type('parq');
    await expect.poll(() => list.getByRole('option').count()).toBeLessThan(all);
    await page.keyboard.press('Escape');
    await expect.poll(() => list.getByRole('option').count()).toBe(all);
    await list.getByRole('option').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => hash(page)).toMatch(/^#\/data\/data\//);
    await page.keyboard.press('F6');
    await expect
      .poll(() =>
        page.evaluate(() => document.activeElement?.closest('[data-pane]')?.getAttribute('data-pane')),
      )
      .toBe('work');
  });

  it('opens beside on Ctrl-click', async () => {
    await studio.go('#/data');
    const option = page.getByRole('listbox').first().getByRole('option').first();
    await option.waitFor();
    const [beside] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Models', exact: true }).click({ modifiers: ['Control'] }),
    ]);
    await beside.waitForURL(/#\/models/);
    await beside.close();
    expect(await hash(page)).toBe('#/data');
  });

  it('folds panes, moves borders by key, and finds everything again after a reload', async () => {
    await studio.go(CONFIG);
    await page.locator('[data-pane="work"]').waitFor();
    const before = await paneWidth(page, 'list');
    await page.getByRole('separator', { name: 'Width of the list' }).focus();
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
    const wider = await paneWidth(page, 'list');
    expect(wider).toBeGreaterThan(before + 10);

    await studio.go('#/models');
    await page.locator('[data-pane="list"]').waitFor();
    await page.keyboard.press('Control+b');
    await page.locator('[data-pane="list"]').waitFor({ state: 'detached' });
    await studio.go(CONFIG);
    await page.locator('[data-pane="list"]').waitFor();
    // The memory is written a moment after the last change.
    await expect
      .poll(() => studio.remembered(), { timeout: 120_000 })
      .toMatch(new RegExp(`"lastHash":\\s*"${CONFIG}"`));

    await page.goto(new URL('/', page.url()).href);
    await expect.poll(() => hash(page)).toBe(CONFIG);
    await page.locator('[data-pane="list"]').waitFor();
    expect(Math.abs((await paneWidth(page, 'list')) - wider)).toBeLessThan(3);
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.locator('[data-pane="work"]').waitFor();
    await expect.poll(() => page.locator('[data-pane="list"]').count()).toBe(0);
    await page.keyboard.press('Control+b');
    await page.locator('[data-pane="list"]').waitFor();
  });

  it('turns the inspector into a drawer on a narrow window', async () => {
    await studio.go(CONFIG);
    const inspector = page.locator('[data-pane="inspector"]');
    await inspector.waitFor();
    await page.setViewportSize({ width: 1000, height: 700 });
    await inspector.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show the inspector' }).click();
    await inspector.waitFor();
    const [drawer, work] = await Promise.all([
      inspector.boundingBox(),
      page.locator('[data-pane="work"]').boundingBox(),
    ]);
    expect((drawer?.x ?? 0) + (drawer?.width ?? 0)).toBeCloseTo(1000, 0);
    expect((work?.x ?? 0) + (work?.width ?? 0)).toBeCloseTo(1000, 0);
    await page.getByRole('button', { name: 'Fold the inspector' }).click();
    await inspector.waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('names every button and field for screen readers', async () => {
    for (const target of ['#/configs', '#/data', '#/runs', '#/models', '#/evaluations', '#/settings']) {
      await studio.go(target);
      await studio.settled();
      const nameless = await page.evaluate(() =>
        [...document.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea')]
          .filter((element) => {
            const label =
              element.getAttribute('aria-label') ??
              element.getAttribute('aria-labelledby') ??
              element.textContent?.trim() ??
              '';
            const labels = element instanceof HTMLInputElement ? (element.labels?.length ?? 0) : 0;
            const isHidden = element.closest('[aria-hidden="true"], [data-react-aria-hidden]') !== null;
            return label === '' && labels === 0 && !isHidden;
          })
          .map((element) => element.outerHTML.slice(0, 200)),
      );
      expect(nameless, target).toEqual([]);
    }
  });

  it('notifies without taking the focus, and keeps a list', async () => {
    await studio.go('#/data');
    const option = page.getByRole('listbox').first().getByRole('option').first();
    await option.waitFor();
    await option.focus();
    const before = await focused(page);
    await runCommand(page, 'Copy the link to what is open');
    const toast = page.getByRole('group', { name: 'Link copied' });
    await toast.waitFor();
    await expect.poll(() => focused(page)).toBe(before);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
    await toast.getByRole('button', { name: 'Dismiss: Link copied' }).click();
    await toast.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: /^Notifications/ }).click();
    const list = page.getByRole('region', { name: 'Notifications', exact: true });
    await list.getByText('Link copied').waitFor();
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Activities' }).click();
    // Whatever the tests before have left to do.
    const work = page.getByRole('region', { name: 'Long work', exact: true });
    await work.waitFor();
    await page.getByRole('heading', { name: 'Datasets' }).click();
    await work.waitFor({ state: 'detached' });
  });

  it('changes settings from the keyboard, and reports the health of this computer', async () => {
    await page.keyboard.press('Control+,');
    const theme = page.getByRole('button', { name: /Theme/ });
    await theme.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'Dark' }).waitFor();
    await page.keyboard.type('dark');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await page.getByText('node scripts/install-gpu.mjs vulkan').waitFor();
    await page.getByRole('textbox', { name: 'Memory', exact: true }).fill('4');
    await page.keyboard.press('Enter');
    await page.getByText('GB for all models', { exact: true }).waitFor();
    await page.getByRole('textbox', { name: 'Memory', exact: true }).fill('0');
    await page.keyboard.press('Enter');
    await page.getByText('GB, 0 for 60 % of what is free', { exact: true }).waitFor();
    const report = page.getByRole('table', { name: 'Runtimes and tools' });
    await report.waitFor();
    await expect.poll(() => report.getByRole('row').count()).toBeGreaterThan(3);
    await runCommand(page, 'Theme: light');
  });

  it('made no error of its own so far', () => {
    expect(studio.pageErrors).toEqual([]);
  });

  it('says that core is gone, and keeps what is on screen', async () => {
    await studio.go('#/evaluations');
    await page.getByText('Is the next checkpoint better?').waitFor();
    await studio.stopServer('SIGKILL');
    const banner = page.getByRole('alert').filter({ hasText: 'core lost' });
    await banner.waitFor();
    await banner.getByRole('button', { name: 'Try now' }).waitFor();
    expect(await page.getByText('Is the next checkpoint better?').isVisible()).toBe(true);
    expect(await page.getByRole('contentinfo', { name: 'Status' }).textContent()).toContain(
      'connection lost',
    );
  });
});

describe('the picker', () => {
  let studio: Studio;
  let page: Page;

  beforeAll(async () => {
    studio = await startStudio({ workspace: false });
    ({ page } = studio);
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  it('opens a folder by walking to it', async () => {
    await page.getByRole('button', { name: 'Open a folder…' }).click();
    const folder = page.getByRole('textbox', { name: 'Folder' });
    await folder.fill(studio.folder);
    await folder.press('Enter');
    const entry = page.getByRole('option', { name: 'workspace' });
    await entry.waitFor();
    expect(await entry.textContent()).toContain('workspace');
    await entry.click();
    await expect.poll(() => folder.inputValue()).toBe(studio.workspace);
    await page.getByRole('button', { name: 'Open this folder' }).click();
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
  });

  it('says what is wrong with a folder that is not there', async () => {
    await studio.go('#/workspaces');
    await page.getByRole('button', { name: 'Open a folder…' }).click();
    const folder = page.getByRole('textbox', { name: 'Folder' });
    await folder.fill(join(studio.folder, 'missing'));
    await folder.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  it('creates a workspace, lists both as recent, and greys one whose folder is gone', async () => {
    const parent = join(studio.folder, 'new');
    await mkdir(parent, { recursive: true });
    await page.getByRole('button', { name: 'New workspace…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Team Ítaca');
    await page.getByRole('button', { name: 'Choose the place…' }).click();
    const folder = page.getByRole('textbox', { name: 'Folder' });
    await folder.fill(parent);
    await folder.press('Enter');
    await page.getByRole('button', { name: 'Put it here' }).click();
    await page.getByRole('button', { name: 'Create and open' }).click();
    await page.getByRole('button', { name: 'Workspace Team Ítaca' }).waitFor();

    await studio.go('#/workspaces');
    const recent = page.getByRole('region', { name: 'Recent workspaces' });
    await expect.poll(() => recent.getByRole('listitem').count()).toBe(2);
    await page.getByRole('listitem').filter({ hasNotText: 'Team' }).getByRole('button').first().click();
    await page.getByRole('button', { name: /^Workspace (?!Team)/ }).waitFor();

    await rm(parent, { recursive: true });
    await page.reload();
    await studio.go('#/workspaces');
    const gone = recent.getByRole('listitem').filter({ hasText: 'Team Ítaca' });
    await gone.getByText('the folder is gone').waitFor();
    await expect.poll(() => gone.getByRole('button').first().isDisabled()).toBe(true);
    await gone.getByRole('button', { name: 'Forget Team Ítaca' }).click();
    await expect.poll(() => recent.getByRole('listitem').count()).toBe(1);
  });

  it('shows the tour of the sample beside the work, once', async () => {
    await studio.go('#/workspaces');
    await page.getByRole('button', { name: 'Open the sample' }).click();
    const tour = page.getByRole('complementary', { name: 'Tour of the sample workspace' });
    await tour.getByRole('button', { name: 'Next' }).click();
    await tour.getByRole('heading', { name: 'Look into data' }).waitFor();
    await tour.getByRole('button', { name: 'Skip the tour' }).click();
    await tour.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await studio.settled();
    expect(await tour.count()).toBe(0);
  });
});
