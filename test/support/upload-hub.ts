// A hub on this computer that takes what a publication sends: repositories, large files by their hash, commits; and the ways it
// goes wrong.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UploadHub {
  readonly endpoint: string;
  /** By owner/name: whether it is private, and the files of its last commit. */
  readonly repositories: ReadonlyMap<string, { private: boolean; files: Map<string, Buffer> }>;
  /** Large files that arrived whole, by their SHA-256. */
  readonly stored: ReadonlyMap<string, Buffer>;
  /** Method and path of every request, in order. */
  readonly requests: readonly string[];
  /** Answers so many uploads of large files with this status. */
  failUploads(status: number, times: number): void;
  [Symbol.asyncDispose](): Promise<void>;
}

const LARGE_BYTES = 10_000;

export async function startUploadHub({ token }: { readonly token: string }): Promise<UploadHub> {
  const repositories = new Map<string, { private: boolean; files: Map<string, Buffer> }>();
  const stored = new Map<string, Buffer>();
  const requests: string[] = [];
  const failing = { status: 0, times: 0 };
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const answer = async (request: IncomingMessage): Promise<{ status: number; json?: unknown }> => {
    const path = new URL(request.url ?? '', 'http://hub').pathname;
    requests.push(`${request.method} ${path}`);
    const body = await bytesOf(request);
    const upload = /^\/storage\/([0-9a-f]{64})$/.exec(path)?.[1];
    if (upload !== undefined) {
      if (failing.times > 0) {
        failing.times -= 1;
        return { status: failing.status };
      }
      if (createHash('sha256').update(body).digest('hex') !== upload) return { status: 400 };
      stored.set(upload, body);
      return { status: 200 };
    }
    const { authorization } = request.headers;
    if (authorization !== `Bearer ${token}`) return { status: 401, json: { error: 'Invalid credentials' } };
    if (path === '/api/repos/create') {
      const { name, organization, visibility } = JSON.parse(body.toString());
      const id = `${organization}/${name}`;
      if (organization === 'others') return { status: 403, json: { error: 'Forbidden' } };
      if (repositories.has(id))
        return { status: 409, json: { error: 'You already created this model repo' } };
      repositories.set(id, { private: visibility !== 'public', files: new Map() });
      return { status: 200, json: { url: `${address()}/${id}`, id } };
    }
    const preupload = /^\/api\/models\/([^/]+\/[^/]+)\/preupload\/main$/.exec(path);
    if (preupload) {
      const { files } = JSON.parse(body.toString()) as { files: { path: string; size: number }[] };
      return {
        status: 200,
        json: {
          files: files.map(({ path: name, size }) => ({
            path: name,
            uploadMode: size > LARGE_BYTES ? 'lfs' : 'regular',
          })),
        },
      };
    }
    if (path.endsWith('.git/info/lfs/objects/batch')) {
      const { objects } = JSON.parse(body.toString()) as { objects: { oid: string; size: number }[] };
      return {
        status: 200,
        json: {
          transfer: 'basic',
          objects: objects.map(({ oid, size }) => ({
            oid,
            size,
            ...(stored.has(oid) ? {} : { actions: { upload: { href: `${address()}/storage/${oid}` } } }),
          })),
        },
      };
    }
    const commit = /^\/api\/models\/([^/]+\/[^/]+)\/commit\/main$/.exec(path)?.[1];
    const repository = repositories.get(commit ?? '');
    if (!repository) return { status: 404, json: { error: 'Repository not found' } };
    for (const line of body.toString().split('\n').filter(Boolean)) {
      const { key, value } = JSON.parse(line);
      if (key === 'file') repository.files.set(value.path, Buffer.from(value.content, 'base64'));
      const large = key === 'lfsFile' ? stored.get(value.oid) : undefined;
      if (large) repository.files.set(value.path, large);
    }
    return {
      status: 200,
      json: {
        success: true,
        commitOid: 'c'.repeat(40),
        commitUrl: `${address()}/${commit}/commit/c`,
        hookOutput: '',
      },
    };
  };

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, json }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(json === undefined ? '' : JSON.stringify(json));
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: address(),
    repositories,
    stored,
    requests,
    failUploads: (status, times) => void Object.assign(failing, { status, times }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
