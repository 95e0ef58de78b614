// What every command gets: a core when it needs one, output as text or as one JSON document, and exit codes.
// Knows no command.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { StudioClient } from '../core/api/contract.ts';
import { StudioError } from '../core/api/errors.ts';
import { type Core, createCore } from '../core/core.ts';
import { createClient } from '../core/rpc/client.ts';
import { routerLink } from '../core/rpc/router-link.ts';
import { openStateFolder } from '../core/services/host/state-folder.ts';
import { toStudioError } from '../core/services/system-errors.ts';
import { onTerminal, terminalLog } from './terminal-text.ts';

/** 0 ok, 1 findings or failure, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

export interface OpenCore extends AsyncDisposable {
  readonly core: Core;
  /** In-memory client: same validation and errors as over a wire. */
  readonly client: StudioClient;
}

export interface CommandContext {
  /** True when `--json` was given. */
  readonly json: boolean;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  readonly appFolder: string;
  readonly stateFolder: string;
  readonly version: string;
  /** A core in this process, closed with `await using`. With a folder, that workspace is open. */
  openCore(workspaceFolder?: string, host?: 'cli' | 'serve'): Promise<OpenCore>;
  /** The folder given, else the nearest one at or above the current folder that holds a studio.yaml. */
  findWorkspace(given: string | undefined): string;
  /** The one JSON document of this command, or its text. Call it once. */
  print(value: unknown, text: string | (() => string)): void;
  /** A part of a text that is too long to be printed at once, as it is; nothing with `--json`. */
  write(text: string): void;
  /** Progress and remarks: to stderr, never mixed with the result, silent with `--json`. */
  note(text: string): void;
  /** Wraps what a command does: sets the exit code, prints what it throws. Undefined counts as 0. */
  action<A extends unknown[]>(
    work: (...input: A) => Promise<ExitCode | undefined>,
  ): (...input: A) => Promise<void>;
}

export interface CommandHost {
  readonly json: () => boolean;
  readonly signal: AbortSignal;
  readonly appFolder: string;
  readonly version: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly exit: (code: ExitCode) => void;
}

export function createCommandContext(host: CommandHost): CommandContext {
  const { appFolder, version, signal } = host;
  return {
    get json() {
      return host.json();
    },
    get stateFolder() {
      return openStateFolder();
    },
    signal,
    appFolder,
    version,
    async openCore(workspaceFolder, coreHost = 'cli') {
      const core = createCore({ appFolder, stateFolder: openStateFolder(), version, host: coreHost });
      const client = createClient<StudioClient>(routerLink(core.router, core.context));
      if (workspaceFolder !== undefined) await client.workspace.open({ path: resolve(workspaceFolder) });
      return { core, client, [Symbol.asyncDispose]: () => core.dispose() };
    },
    findWorkspace,
    print(value, text) {
      if (host.json()) host.out(`${JSON.stringify(value)}\n`);
      else host.out(`${onTerminal(typeof text === 'string' ? text : text(), process.stdout).trimEnd()}\n`);
    },
    write(text) {
      if (!host.json()) host.out(process.stdout.isTTY ? terminalLog(text) : text);
    },
    note(text) {
      if (!host.json()) host.err(`${onTerminal(text, process.stderr)}\n`);
    },
    action:
      (work) =>
      async (...input) => {
        try {
          host.exit((await work(...input)) ?? 0);
        } catch (error) {
          printError(host, toStudioError(error));
          host.exit(1);
        }
      },
  };
}

/** `message` and `hint` to stderr, or `{error: {code, message, hint, path?}}` as the JSON document. */
export function printError(host: Pick<CommandHost, 'json' | 'out' | 'err'>, error: StudioError): void {
  const { code, message, data } = error;
  if (host.json()) {
    host.out(`${JSON.stringify({ error: { code, message, ...data } })}\n`);
    return;
  }
  const path = data.path === undefined ? '' : `  ${data.path}\n`;
  const detail = code === 'INTERNAL' && data.detail ? `${data.detail}\n` : '';
  host.err(onTerminal(`${message}\n  ${data.hint}\n${path}${detail}`, process.stderr));
}

function findWorkspace(given: string | undefined): string {
  if (given !== undefined) return resolve(given);
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'studio.yaml'))) return folder;
    if (dirname(folder) === folder) {
      throw new StudioError('NO_WORKSPACE', 'This folder is not inside a workspace', {
        hint: 'Name the workspace with --workspace FOLDER',
      });
    }
  }
}
