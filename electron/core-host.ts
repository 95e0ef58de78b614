// Runs core in a utility process, hands each window its port, and starts core again when it dies.
import { join } from 'node:path';
import { MessageChannelMain, type UtilityProcess, utilityProcess, type WebContents } from 'electron';
import { type CoreReport, type CoreRequest, type CoreStart, channels } from './channels.ts';

export interface CoreHost {
  /** Gives the window a new port as soon as core runs. */
  connect(window: WebContents): void;
  openWorkspace(path: string): void;
  /** Lets core close its files; kills it when that takes too long. */
  quit(): Promise<void>;
}

const QUIT_TIMEOUT_MS = 5_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A core that lived this long did not die of its start. */
const HEALTHY_AFTER_MS = 30_000;

export function createCoreHost(start: CoreStart): CoreHost {
  const windows = new Set<WebContents>();
  const waiting = new Set<WebContents>();
  let child: UtilityProcess | null = null;
  let workspace = start.workspace;
  let quitting = false;
  let pauseMs = FIRST_PAUSE_MS;

  const tell = (request: CoreRequest) => child?.postMessage(request);

  const givePort = (window: WebContents) => {
    if (window.isDestroyed() || !child) return;
    const { port1, port2 } = new MessageChannelMain();
    const request: CoreRequest = { kind: 'port' };
    child.postMessage(request, [port1]);
    window.postMessage(channels.port, null, [port2]);
  };

  const launch = () => {
    const startedMs = Date.now();
    const next = utilityProcess.fork(
      join(start.appFolder, 'out', 'main', 'core.js'),
      [JSON.stringify({ ...start, workspace } satisfies CoreStart)],
      { serviceName: 'Nesso core', stdio: 'inherit' },
    );
    next.on('message', (report: CoreReport) => {
      if (report.path !== null) workspace = { path: report.path };
    });
    next.on('spawn', () => {
      child = next;
      for (const window of waiting) givePort(window);
      waiting.clear();
    });
    next.on('exit', () => {
      child = null;
      if (quitting) return;
      for (const window of windows) if (!window.isDestroyed()) window.send(channels.coreLost);
      pauseMs =
        Date.now() - startedMs > HEALTHY_AFTER_MS ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      setTimeout(launch, pauseMs);
    });
    return next;
  };

  launch();
  return {
    connect(window) {
      if (!windows.has(window)) {
        windows.add(window);
        window.once('destroyed', () => {
          windows.delete(window);
          waiting.delete(window);
        });
      }
      if (child) givePort(window);
      else waiting.add(window);
    },
    openWorkspace(path) {
      workspace = { path };
      tell({ kind: 'open', path });
    },
    async quit() {
      quitting = true;
      const running = child;
      if (!running) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => running.kill(), QUIT_TIMEOUT_MS);
        running.once('exit', () => {
          clearTimeout(timer);
          resolve();
        });
        tell({ kind: 'quit' });
      });
    },
  };
}
