// Who sits at this studio, for what is written down with a name: as git knows them, else as the system does.
import { execFile } from 'node:child_process';
import { hostname, userInfo } from 'node:os';

const TIMEOUT_MS = 3000;

/** `Ada Lovelace`, or `ada@laptop` where git says nothing. */
export async function personName(root: string): Promise<string> {
  const said = await new Promise<string>((resolve) => {
    execFile('git', ['-C', root, 'config', 'user.name'], { timeout: TIMEOUT_MS }, (error, stdout) =>
      resolve(error ? '' : stdout.trim()),
    );
  });
  return said === '' ? `${userInfo().username}@${hostname()}` : said.slice(0, 200);
}
