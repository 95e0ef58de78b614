// Starts the real thing for end-to-end tests: `nesso serve` as a process of its own on a copy of the sample
// workspace, and one page of a real Chromium opened through the one-time address.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const appFolder = join(import.meta.dirname, '..', '..', '..');
const START_TIMEOUT_MS = 120_000;
/** Playwright waits for elements with a limit of its own, but for scripts of the page and for the end of a browser without one. */
const ANSWER_TIMEOUT_MS = 150_000;
const END_TIMEOUT_MS = 60_000;

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface StudioOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  /** False starts on the workspace picker. */
  readonly workspace?: boolean;
}

export interface Studio extends AsyncDisposable {
  readonly page: Page;
  /** The folder that holds state and workspace of this studio. */
  readonly folder: string;
  /** Absolute path of the copied sample workspace. */
  readonly workspace: string;
  /** Of the process that serves now: native runtimes are its children. */
  readonly serverPid: number;
  /** Errors of the page so far: uncaught exceptions and console errors. */
  readonly pageErrors: readonly string[];
  /** What the window has had core remember of the workspace so far, as JSON text; empty before the first time. */
  remembered(): Promise<string>;
  /** Resolves when nothing is loading and nothing has been added to the page for a while. */
  settled(): Promise<void>;
  /** Goes to a link such as `#/data/data/documents.parquet`. */
  go(hash: string): Promise<void>;
  /** Ends the serving process with the signal and waits. */
  stopServer(signal: NodeJS.Signals): Promise<void>;
  /** Another serving process on the same folders; the page opens its one-time address. */
  restartServer(): Promise<void>;
}

export async function startStudio(options: StudioOptions = {}): Promise<Studio> {
  const { width = 1440, height = 900, theme = 'light', workspace: opensWorkspace = true } = options;
  const folder = await newFolder();
  const workspace = join(folder, 'workspace');
  await cp(join(appFolder, 'resources', 'sample-workspace'), workspace, { recursive: true });
  let server = await startServer(folder, opensWorkspace ? workspace : null);
  const browser = await startBrowser().catch(async (error: unknown) => {
    await end(server.process, 'SIGTERM');
    throw error;
  });
  const page = await openPage(browser, { width, height, theme, url: server.url });
  const pageErrors: string[] = [];
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') pageErrors.push(message.text());
  });

  return {
    page,
    folder,
    workspace,
    pageErrors,
    get serverPid() {
      return server.process.pid ?? 0;
    },
    remembered: () => readFile(join(workspace, '.studio', 'window-state.json'), 'utf8').catch(() => ''),
    async settled() {
      await page.waitForFunction(isSettled, undefined, { polling: 'raf' });
    },
    async go(hash) {
      const moved = page.evaluate((target) => {
        location.hash = target;
      }, hash);
      await within(ANSWER_TIMEOUT_MS, moved, `the page to go to ${hash}`);
    },
    stopServer: (signal) => end(server.process, signal),
    async restartServer() {
      server = await startServer(folder, opensWorkspace ? workspace : null);
      await openStudio(page, server.url);
    },
    async [Symbol.asyncDispose]() {
      // A browser that does not end is ended with this process; what it served must not wait for it.
      const closed = await within(END_TIMEOUT_MS, browser.close(), 'Chromium to end').catch(String);
      if (closed) console.warn(closed);
      await end(server.process, 'SIGTERM');
      // Runs outlive a studio; those of a test would only slow the tests that follow.
      spawnSync('pkill', ['-KILL', '-f', folder]);
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** Runs in the page at every frame: the same number of elements for twenty frames, none of which says that it is loading. */
function isSettled(): boolean {
  const seen = window as unknown as { settling?: { elements: number; frames: number } };
  const elements = document.querySelectorAll('*').length;
  const before = seen.settling;
  const isLoading = document.querySelector('[aria-busy="true"]') !== null;
  const frames = !isLoading && before?.elements === elements ? before.frames + 1 : 0;
  seen.settling = { elements, frames };
  if (frames < 20) return false;
  delete seen.settling;
  return true;
}

/** NESSO_SCREENSHOTS may name a folder: pictures for the documentation show its path, not one of this computer's temporary ones. */
async function newFolder(): Promise<string> {
  const place = process.env['NESSO_SCREENSHOTS'] ?? '';
  if (!isAbsolute(place)) return mkdtemp(join(tmpdir(), 'nesso-e2e-'));
  await mkdir(place, { recursive: true });
  const folder = join(place, 'zagreus');
  // It is removed afterwards: one that is there already is somebody's own.
  await mkdir(folder);
  return folder;
}

function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['NESSO_CHROMIUM'] ?? '/usr/bin/chromium',
    args: chromiumFlags,
    timeout: START_TIMEOUT_MS,
  });
}

/** Names what did not happen in time. */
async function within<T>(limitMs: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${limitMs} ms for ${what}`)), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function openPage(
  browser: Browser,
  options: { width: number; height: number; theme: 'light' | 'dark'; url: string },
): Promise<Page> {
  const { width, height, theme, url } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(ANSWER_TIMEOUT_MS);
  await openStudio(page, url);
  return page;
}

async function openStudio(page: Page, url: string): Promise<void> {
  await page.goto(url);
  // The entry page moves on to the studio by itself; the frame or the picker says that it has arrived.
  await page.locator('#root > *').first().waitFor();
}

async function startServer(
  folder: string,
  workspace: string | null,
): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(
    process.execPath,
    [
      join(appFolder, 'out', 'main', 'nesso.js'),
      'serve',
      ...(workspace === null ? [] : [workspace]),
      '--json',
    ],
    {
      env: { ...process.env, NESSO_STATE_FOLDER: join(folder, 'state') },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error('nesso serve did not start in time'));
    }, START_TIMEOUT_MS);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /"url":\s*"([^"]+)"/.exec(output)?.[1];
      if (found) {
        clearTimeout(timer);
        resolve(found);
      }
    });
    child.on('exit', (code) => reject(new Error(`nesso serve ended with ${code}: ${output}`)));
  });
  return { process: child, url };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await within(END_TIMEOUT_MS, ended, `nesso serve to end after ${signal}`).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
}
