// Opens an address in the browser of the system, where there is a display.
import { spawn } from 'node:child_process';

export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Never fails: whoever cannot see the browser still has the address. */
export function openBrowser(url: string): void {
  const commands: Partial<Record<NodeJS.Platform, readonly [string, readonly string[]]>> = {
    darwin: ['open', [url]],
    win32: ['rundll32', ['url.dll,FileProtocolHandler', url]],
  };
  const [command, parameters] = commands[process.platform] ?? ['xdg-open', [url]];
  const opener = spawn(command, parameters, { stdio: 'ignore', detached: true });
  opener.on('error', () => {});
  opener.unref();
}
