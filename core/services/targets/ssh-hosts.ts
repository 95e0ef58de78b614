// Host names that a person may mean, from the user's ssh configuration: suggestions only, because what they stand for is decided
// by ssh itself.
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import picomatch from 'picomatch';

/** Files that include each other for ever. */
const MAX_FILES = 100;

/** Names after `Host`, patterns and negations left out, in the order of the file. Missing files are no error. */
export async function knownSshHosts(
  configFile = join(homedir(), '.ssh', 'config'),
): Promise<readonly string[]> {
  const hosts = new Set<string>();
  const seen = new Set<string>();
  const read = async (path: string): Promise<void> => {
    if (seen.has(path) || seen.size >= MAX_FILES) return;
    seen.add(path);
    const text = await readFile(path, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const [, keyword = '', rest = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
      const words = rest.split(/\s+/).map((word) => word.replaceAll('"', ''));
      if (keyword.toLowerCase() === 'host') {
        for (const word of words) if (word !== '' && !/[*?!]/.test(word)) hosts.add(word);
      } else if (keyword.toLowerCase() === 'include') {
        for (const word of words)
          for (const file of await included(word, dirname(configFile))) await read(file);
      }
    }
  };
  await read(configFile);
  return [...hosts];
}

/** Patterns in the last part of the path, as they are used. */
async function included(pattern: string, folder: string): Promise<readonly string[]> {
  const full = pattern.startsWith('~/')
    ? join(homedir(), pattern.slice(2))
    : isAbsolute(pattern)
      ? pattern
      : join(folder, pattern);
  const matches = picomatch(basename(full));
  const names = await readdir(dirname(full)).catch((): string[] => []);
  return names
    .filter((name) => matches(name))
    .sort()
    .map((name) => join(dirname(full), name));
}
