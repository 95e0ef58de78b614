// The desktop program in real Electron, wherever its binary exists: what the stand-in cannot show.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/ensure-built.mjs';
import { electronBinary } from '../../scripts/find-electron.mjs';

const root = resolve(import.meta.dirname, '../..');
const binary = electronBinary();
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

function reasonToSkip(): string | null {
  if (!binary) return 'the Electron binary is not installed';
  if (!hasDisplay) return 'there is no display';
  return null;
}
const reason = reasonToSkip();

describe.skipIf(reason !== null)(`in real Electron${reason ? ` (${reason})` : ''}`, () => {
  let app: ElectronApplication;
  let page: Page;
  let stateFolder: string;

  beforeAll(async () => {
    ensureBuilt();
    stateFolder = await mkdtemp(join(tmpdir(), 'nesso-electron-'));
    // The sandbox of Chromium cannot start for the root user; containers that test run as root.
    const parameters = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    app = await _electron.launch({
      ...(binary ? { executablePath: binary } : {}),
      args: [...parameters, root, '--sample'],
      env: { ...(process.env as Record<string, string>), NESSO_STATE_FOLDER: stateFolder },
    });
    page = await app.firstWindow();
    await page.waitForFunction(() => (document.getElementById('root')?.childElementCount ?? 0) > 0);
  });

  afterAll(async () => {
    await app.close();
    await rm(stateFolder, { recursive: true, force: true });
  });

  test('the window is sandboxed, isolated and at its own origin', async () => {
    expect(new URL(page.url()).protocol).toBe('nesso:');
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      return contents.getLastWebPreferences();
    });
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    expect(
      await page.evaluate(() => [
        typeof Reflect.get(window, 'require'),
        typeof Reflect.get(window, 'process'),
      ]),
    ).toEqual(['undefined', 'undefined']);
  });

  test('the page reaches core and shows the sample workspace', async () => {
    await page.getByRole('navigation').first().waitFor();
    const metrics = await app.evaluate(({ app: electronApp }) => electronApp.getAppMetrics());
    expect(metrics.some((one) => one.type === 'Utility' && one.name === 'Nesso core')).toBe(true);
  });

  test('navigation and new windows are refused', async () => {
    const before = page.url();
    await page.evaluate(() => {
      window.location.href = 'https://example.com/';
      window.open('file:///');
    });
    await page.waitForTimeout(500);
    expect(page.url()).toBe(before);
    expect(app.windows().length).toBe(1);
  });
});
