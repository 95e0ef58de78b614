// Finds the file of a built page for a request path; never one outside its folder.
// Knows neither HTTP nor Electron.
import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.map': 'application/json',
};

export interface StaticFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Its name holds a hash of its content: may be cached for ever. */
  readonly immutable: boolean;
}

/** `rawPath` as the client sent it, without the query. Null for whatever is not a file of `folder`. */
export async function findStaticFile(folder: string, rawPath: string): Promise<StaticFile | null> {
  const path = decodePath(rawPath);
  if (path === null) return null;
  const contentType = contentTypes[extname(path).toLowerCase()];
  if (contentType === undefined) return null;
  try {
    // Links are followed before the comparison, so that none leads outside.
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    if (!file.startsWith(root + sep)) return null;
    const info = await stat(file);
    if (!info.isFile()) return null;
    return { path: file, sizeBytes: info.size, contentType, immutable: path.startsWith('/assets/') };
  } catch {
    return null;
  }
}

/** `/` is the page itself. Null when a segment could leave the folder on any system. */
function decodePath(rawPath: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    return null;
  }
  if (!path.startsWith('/') || path.includes('\0') || path.includes('\\') || path.includes(':')) return null;
  if (path.split('/').some((segment) => segment === '..' || segment === '.')) return null;
  return path === '/' ? '/index.html' : path;
}
