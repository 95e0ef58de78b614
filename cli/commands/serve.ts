// `nesso serve`: the studio for a browser, on this computer or through an SSH tunnel.
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { openFirstWorkspace } from '../../core/services/host/first-workspace.ts';
import { hasDisplay, openBrowser } from '../../core/services/host/open-browser.ts';
import { startServer } from '../../core/server.ts';
import type { CommandContext } from '../command.ts';

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly sample?: boolean;
  readonly open?: boolean;
}

export function registerServe(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('serve the studio to a browser; loopback only unless told otherwise')
    .argument('[workspace]', 'folder to open')
    .option('-p, --port <number>', 'port; 0 chooses a free one', parsePort, 0)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--sample', 'open the sample workspace when none is named')
    .option('--open', 'open it in the browser of the system, where there is a display')
    .action(
      context.action(async (workspace: string | undefined, options: ServeOptions) => {
        await using open = await context.openCore(workspace, 'serve');
        if (workspace === undefined && options.sample) {
          const problem = await openFirstWorkspace(open.client, { first: 'sample' });
          if (problem) context.note(`The sample workspace could not be opened: ${problem.message}`);
        }
        await using server = await startServer({
          core: open.core,
          appFolder: context.appFolder,
          stateFolder: context.stateFolder,
          host: options.host,
          port: options.port,
        });
        if (!server.loopback) {
          context.note(
            `Listening on ${options.host}: everyone who reaches this address can try to connect. Use an SSH tunnel instead where you can`,
          );
        }
        const url = server.createEntryUrl();
        const again = process.stdin.isTTY ? '; press Enter for another one' : '';
        context.print(
          { url, port: server.port, host: options.host, pid: process.pid },
          `Nesso Studio is at ${url}\nThe address works once${again}. Ctrl-C ends the studio; runs go on`,
        );
        if (options.open && hasDisplay() && !process.env.NESSO_NO_BROWSER) openBrowser(url);
        if (process.stdin.isTTY) {
          process.stdin.on('data', () => context.note(server.createEntryUrl()));
        }
        await new Promise<void>((resolve) => {
          context.signal.addEventListener('abort', () => resolve(), { once: true });
        });
        process.stdin.pause();
        return 0;
      }),
    );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('Must be a whole number from 0 to 65535.');
  }
  return port;
}
