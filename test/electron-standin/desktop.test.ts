// The built main process and preload, unchanged, under the stand-in: page, ports, hardening, secrets, recovery.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/ensure-built.mjs';
import { type StandinStudio, startStudio } from './start-studio.ts';

/** A busy machine takes half of it to start the window. */
const LIMIT_MS = 120_000;

let studio: StandinStudio;

/** Polls until `read` gives something true, and returns it. */
async function eventually<T>(read: () => Promise<T | undefined>, what: string): Promise<T> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const value = await read().catch(() => undefined);
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${LIMIT_MS / 1000} s in vain until ${what}`);
    await sleep(100);
  }
}

/** Calls a procedure over a port of its own, in the wire format, independent of the window's code. */
const callOverPort = (path: string, input: unknown) => `new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error('no answer')), 20_000);
  addEventListener('message', function onPort(event) {
    const port = event.ports[0];
    if (event.data !== 'nesso-core-port' || !port) return;
    removeEventListener('message', onPort);
    port.onmessage = ({ data }) => {
      clearTimeout(timer);
      resolve(JSON.parse(data).p.b.json);
      port.close();
    };
    port.postMessage(JSON.stringify({ i: '1', p: { u: '/${path}', b: { json: ${JSON.stringify(input)} } } }));
  });
  nessoDesktop.requestPort();
})`;

interface Current {
  readonly workspace: { readonly path: string; readonly name: string } | null;
}

beforeAll(async () => {
  ensureBuilt();
  studio = await startStudio('--sample');
  await eventually(
    () => studio.page<boolean>('document.getElementById("root")?.childElementCount > 0'),
    'the window has drawn something',
  );
});

afterAll(async () => {
  await studio?.quit();
});

describe('the page', () => {
  test('comes from its own origin, in a sandboxed and isolated window', async () => {
    const [window, ...others] = await studio.ask<Record<string, unknown>[]>('windows');
    expect(others).toEqual([]);
    expect(window?.url).toMatch(/^nesso:\/\/studio\//);
    expect(window).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    });
  });

  test('sees nothing of Node and cannot change what the preload exposes', async () => {
    expect(await studio.page('[typeof require, typeof process, typeof ipcRenderer, typeof module]')).toEqual(
      Array.from({ length: 4 }, () => 'undefined'),
    );
    expect(await studio.page('Object.isFrozen(nessoDesktop)')).toBe(true);
    expect(await studio.page('Object.keys(nessoDesktop).sort()')).toEqual([
      'chooseFolder',
      'onCommand',
      'platform',
      'readSecret',
      'requestPort',
      'showInFolder',
      'writeSecret',
    ]);
  });

  test('runs no script that was written into it, and loads nothing from elsewhere', async () => {
    await studio.page(`(() => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.head.append(script);
    })()`);
    expect(await studio.page('window.injected === undefined')).toBe(true);
    expect(await studio.page("fetch('https://example.com').then(() => 'loaded', () => 'refused')")).toBe(
      'refused',
    );
    expect(await studio.page("fetch('/nothing.js').then((answer) => answer.status)")).toBe(404);
    expect(await studio.page("fetch('/..%2f..%2fpackage.json').then((answer) => answer.status)")).toBe(404);
    const policy = "fetch('/index.html').then((answer) => answer.headers.get('content-security-policy'))";
    expect(await studio.page(policy)).toContain("default-src 'none'");
  });

  test('cannot be navigated away or open windows; links to the web open outside', async () => {
    const place = 'location.origin + location.pathname';
    const before = await studio.page(place);
    await studio.page("void (location.href = 'https://example.com/away')");
    await studio.page("void window.open('https://example.com/outside')");
    await studio.page("void window.open('file:///etc/passwd')");
    const opened = await eventually(async () => {
      const links = await studio.ask<string[]>('opened');
      return links.length > 0 ? links : undefined;
    }, 'the link was handed to the browser of the system');
    expect(opened).toEqual(['https://example.com/outside']);
    await eventually(async () => (await studio.ask('pages')) === 1, 'the new window is gone');
    expect(await studio.page(place)).toBe(before);
  });

  test('gets no permission but writing text to the clipboard and showing notifications', async () => {
    for (const name of ['media', 'geolocation', 'clipboard-read', 'usb', 'openExternal']) {
      expect([name, await studio.ask('permission', name)]).toEqual([name, [false, false, false]]);
    }
    for (const name of ['clipboard-sanitized-write', 'notifications'])
      expect([name, await studio.ask('permission', name)]).toEqual([name, [true, true, false]]);
  });
});

describe('main', () => {
  test('hands the page a port over which core answers', async () => {
    // The window is drawn before the sample is open.
    const { workspace } = await eventually(async () => {
      const current = await studio.page<Current>(callOverPort('workspace/current', undefined));
      return current.workspace ? current : undefined;
    }, 'the sample is open');
    expect(workspace?.name).toContain('ample');
  });

  test('keeps secrets encrypted and readable only by the user', async () => {
    await studio.page("nessoDesktop.writeSecret('cluster:one', 'correct horse battery')");
    expect(await studio.page("nessoDesktop.readSecret('cluster:one')")).toBe('correct horse battery');
    expect(await studio.page("nessoDesktop.readSecret('cluster:two')")).toBeNull();
    const folder = join(studio.stateFolder, 'secrets');
    const [file = ''] = await readdir(folder);
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, file), 'utf8')).not.toContain('horse');
    await studio.page("nessoDesktop.writeSecret('cluster:one', null)");
    expect(await studio.page("nessoDesktop.readSecret('cluster:one')")).toBeNull();
    await expect(studio.page("nessoDesktop.readSecret('../x')")).rejects.toThrow('secrets:read');
  });

  test('answers no other page', async () => {
    for (const url of [
      'https://example.com/',
      'nesso://other/',
      'file:///index.html',
      'nesso://studio.evil/',
    ]) {
      const [, error] = await studio.ask<[unknown, string]>('invokeFrom', [
        url,
        'secrets:read',
        'cluster:one',
      ]);
      expect(error).toContain('may not ask');
    }
  });

  test('shows the folder dialog and passes on menu commands', async () => {
    expect(await studio.page("nessoDesktop.chooseFolder('Choose')")).toBeNull();
    await studio.ask('choose', ['/somewhere']);
    expect(await studio.page("nessoDesktop.chooseFolder('Choose')")).toBe('/somewhere');
    await studio.page('(window.commands = [], void nessoDesktop.onCommand((id) => commands.push(id)))');
    await studio.ask('clickMenu', 'Open workspace…');
    expect(await eventually(() => studio.page('commands[0]'), 'the command arrived')).toBe('workspace.open');
  });
});

test('a core that is killed is started again with its workspace, and the window is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nesso-kept-'));
  const kept = join(folder, 'kept');
  await studio.page(callOverPort('workspace/create', { path: kept, name: 'Kept' }));
  const [pid = 0] = await studio.ask<number[]>('cores');
  await studio.page(
    `(window.lost = 0, addEventListener('message', ({ data }) => { if (data === 'nesso-core-lost') lost += 1; }))`,
  );
  process.kill(pid, 'SIGKILL');
  expect(await eventually(() => studio.page('lost'), 'the window was told')).toBe(1);
  const next = await eventually(async () => {
    const [other] = await studio.ask<number[]>('cores');
    return other !== pid ? other : undefined;
  }, 'core runs again');
  expect(next).not.toBe(pid);
  const { workspace } = await eventually(async () => {
    const current = await studio.page<Current>(callOverPort('workspace/current', undefined));
    return current.workspace ? current : undefined;
  }, 'the workspace is open again');
  expect(workspace?.path).toBe(kept);
  await rm(folder, { recursive: true });
});

test('a link of the studio opens beside, in a window of its own', async () => {
  await studio.page("void window.open('#/models', '_blank', 'noopener')");
  await eventually(async () => {
    const titles = await studio.ask<string[]>('titles');
    return titles.length === 2 && titles[1]?.endsWith(' – Nesso Studio');
  }, 'a second window shows the workspace');
});

test('quitting closes core and ends with code 0', async () => {
  const [pid = 0] = await studio.ask<number[]>('cores');
  expect(await studio.quit()).toBe(0);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
