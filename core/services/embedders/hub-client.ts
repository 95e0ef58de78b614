// What is asked of a Hugging Face hub: which files a model has, and their bytes from any place on. Failures in words a person can
// act on. A token is sent to the hub itself only: fetch drops it where a redirect leads to another host.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';

const DEFAULT_ENDPOINT = 'https://huggingface.co';
/** Until the first byte of an answer. */
const ANSWER_LIMIT_MS = 30_000;
/** The list of the files of a repository with thousands of them is about 1 MB. */
const MAX_LIST_BYTES = 16_777_216;

export interface HubAccess {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly token: string | null;
  /** Models unless it is said. */
  readonly kind?: HubKind;
}

export interface HubFile {
  /** Inside the repository, with slashes. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Git's hash for small files, SHA-256 for large ones. */
  readonly checksum: { readonly kind: 'sha256' | 'git'; readonly hex: string };
}

export interface HubModel {
  readonly id: string;
  /** Commit. */
  readonly revision: string;
  readonly files: readonly HubFile[];
  /** Data sets lie below a path of their own. */
  readonly kind: HubKind;
}

export type HubKind = 'models' | 'datasets';

export function hubEndpoint(): string {
  return (process.env['HF_ENDPOINT']?.trim() || DEFAULT_ENDPOINT).replace(/\/+$/, '');
}

/** HF_TOKEN, else the file that `hf auth login` writes; null where there is neither. */
export async function hubToken(): Promise<string | null> {
  const own = process.env['HF_TOKEN']?.trim();
  if (own) return own;
  const home = process.env['HF_HOME'] ?? join(homedir(), '.cache', 'huggingface');
  const text = await readFile(process.env['HF_TOKEN_PATH'] ?? join(home, 'token'), 'utf8').catch(() => '');
  return text.trim() || null;
}

const modelAnswer = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z
    .array(
      z.object({
        rfilename: z.string(),
        size: z.number().int().min(0).nullish(),
        blobId: z.string().nullish(),
        lfs: z.object({ sha256: z.string(), size: z.number() }).nullish(),
      }),
    )
    .max(50_000),
});

/** Throws INVALID_INPUT, NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE. */
export async function readHubModel(
  id: string,
  revision: string,
  access: HubAccess,
  signal?: AbortSignal,
): Promise<HubModel> {
  const kind = access.kind ?? 'models';
  if (!/^\w[\w.-]{0,95}\/\w[\w.-]{0,95}$/.test(id)) {
    throw new StudioError('INVALID_INPUT', `${id} is not the name of a model on the hub`, {
      hint: 'Write owner/name, such as Snowflake/snowflake-arctic-embed-m-v2.0',
    });
  }
  const path = `/api/${kind}/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const response = await ask(path, access, { id, signal });
  const text = await response.text();
  const parsed = text.length > MAX_LIST_BYTES ? null : modelAnswer.safeParse(parseJson(text));
  if (!parsed?.success) {
    throw new StudioError('UNAVAILABLE', `The hub's answer about ${id} is not understood`, {
      hint: `Check that ${access.endpoint} is a Hugging Face hub`,
      cause: parsed?.error,
    });
  }
  const { sha, siblings } = parsed.data;
  return {
    id,
    kind,
    revision: sha,
    files: siblings.flatMap(({ rfilename, size, blobId, lfs }): HubFile[] => {
      const checksum = lfs
        ? { kind: 'sha256' as const, hex: lfs.sha256 }
        : blobId
          ? { kind: 'git' as const, hex: blobId }
          : null;
      const sizeBytes = lfs?.size ?? size ?? null;
      // A name that leads elsewhere is not one of a model's files.
      if (!checksum || sizeBytes === null || !/^[\w.-]+(\/[\w.-]+)*$/.test(rfilename)) return [];
      return rfilename.split('/').includes('..') ? [] : [{ path: rfilename, sizeBytes, checksum }];
    }),
  };
}

/** The bytes of a file from `offset` on; the answer's own offset is 0 when the hub cannot start in the middle. */
export async function readHubFile(
  model: HubModel,
  { file, offset }: { readonly file: HubFile; readonly offset: number },
  access: HubAccess,
  signal?: AbortSignal,
): Promise<{ readonly offset: number; readonly body: AsyncIterable<Uint8Array> }> {
  const path = `${model.kind === 'datasets' ? '/datasets' : ''}/${model.id}/resolve/${model.revision}/${file.path}`;
  const headers = offset > 0 ? { range: `bytes=${offset}-` } : {};
  const response = await ask(path, access, { id: model.id, signal, headers });
  const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (!response.body) throw unreachable(access, new Error('an answer without contents'));
  return {
    offset: response.status === 206 && start !== undefined ? Number(start) : 0,
    body: readable(response.body, access),
  };
}

async function* readable(
  body: ReadableStream<Uint8Array>,
  access: HubAccess,
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (error) {
    throw isAbort(error) ? error : unreachable(access, error);
  }
}

async function ask(
  path: string,
  access: HubAccess,
  request: {
    readonly id: string;
    readonly signal?: AbortSignal | undefined;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<Response> {
  const { id, signal } = request;
  let response: Response;
  try {
    response = await begin(path, access, request).catch((error: unknown) => {
      signal?.throwIfAborted();
      // A connection that was kept may be closed by the hub just when it is used again: a new one is not.
      if (isLostConnection(error)) return begin(path, access, request);
      throw error;
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable(access, error);
  }
  if (response.ok) return response;
  await response.body?.cancel();
  throw refused(response.status, id, access);
}

/** Resolves when an answer starts. */
async function begin(
  path: string,
  access: HubAccess,
  { signal, headers }: Pick<Parameters<typeof ask>[2], 'signal' | 'headers'>,
): Promise<Response> {
  // Only until the answer starts: a large file may take hours.
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(new Error('no answer')), ANSWER_LIMIT_MS);
  try {
    return await fetch(`${access.endpoint}${path}`, {
      // Compressed answers have no place to start in the middle from.
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'nesso-studio',
        ...headers,
        ...(access.token === null ? {} : { authorization: `Bearer ${access.token}` }),
      },
      signal: signal ? AbortSignal.any([signal, waiting.signal]) : waiting.signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

function isLostConnection(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

function refused(status: number, id: string, access: HubAccess): StudioError {
  if (status === 401 || status === 403) {
    const without = access.token === null;
    return new StudioError(
      'PERMISSION_DENIED',
      without
        ? `${id} does not exist, or the hub wants a token for it`
        : `The hub refuses ${id} to this token`,
      {
        hint: without
          ? 'Check the name; for a private model, or one whose terms must be accepted, give a token (HF_TOKEN, or hf auth login)'
          : 'Accept the terms on the page of the model, or use a token that may read it',
      },
    );
  }
  if (status === 404) {
    return new StudioError('NOT_FOUND', `The hub has no ${id}, or not this revision of it`, {
      hint: 'Check the name, as owner/name, and the revision',
    });
  }
  return new StudioError('UNAVAILABLE', `The hub answered ${status} for ${id}`, {
    hint:
      status === 429
        ? 'It is asked too often: wait some minutes and start again'
        : 'Try again later: what was downloaded is kept',
  });
}

function unreachable({ endpoint }: HubAccess, cause: unknown): StudioError {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
  const { host, protocol } = new URL(endpoint);
  const proxy = ignoredProxy(protocol);
  return new StudioError('UNAVAILABLE', `The hub at ${host} cannot be reached`, {
    hint:
      proxy === null
        ? 'Check the network and start again: what was downloaded is kept. Without one, copy the folder of the model from another computer into models/'
        : `${proxy} is set, but this program does not go through a proxy: set HF_ENDPOINT to a mirror that is reached without one, or download the folder of the model with another program into models/`,
    detail: reason,
    cause,
  });
}

/** The variable that names a proxy for this protocol; null where none is set, or the runtime follows it. */
function ignoredProxy(protocol: string): string | null {
  // Node 24 and later follow the variables when they are told to.
  if (process.env['NODE_USE_ENV_PROXY'] === '1' && Number.parseInt(process.versions.node, 10) >= 24)
    return null;
  const names = protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  return [...names, 'all_proxy', 'ALL_PROXY'].find((name) => process.env[name]?.trim()) ?? null;
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
