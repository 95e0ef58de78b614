// The window's own origin, nesso://studio: serves the built page and nothing else.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocol } from 'electron';
import { PAGE_HEADERS } from '../core/services/host/page-headers.ts';
import { findStaticFile } from '../core/services/host/static-files.ts';

const SCHEME = 'nesso';
const HOST = 'studio';
export const PAGE_ORIGIN = `${SCHEME}://${HOST}`;
export const PAGE_URL = `${PAGE_ORIGIN}/`;

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

export function servePage(appFolder: string): void {
  const folder = join(appFolder, 'out', 'renderer');
  protocol.handle(SCHEME, (request) => answer(folder, request));
}

async function answer(folder: string, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (url.host !== HOST || request.method !== 'GET') return refuse(403);
  const file = await findStaticFile(folder, url.pathname);
  if (!file) return refuse(404);
  return new Response(new Uint8Array(await readFile(file.path)), {
    headers: { ...PAGE_HEADERS, 'Content-Type': file.contentType, 'Cache-Control': 'no-cache' },
  });
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: PAGE_HEADERS });
}
