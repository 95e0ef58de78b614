// A folder of weights sent to a Hugging Face hub. Runs in the weights child: hashing gigabytes takes a while. Large files that the
// hub has already are not sent again, so that asking again goes on where it broke off.
import { openAsBlob } from 'node:fs';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { commitIter, createRepo, HubApiError } from '@huggingface/hub';
import type { Published, PublishPlan } from '../../api/publishing.ts';
import { StudioError } from '../../api/errors.ts';
import { isPublishedFile, publishWarnings } from '../../lib/conversion/published-files.ts';

/** A card is a page of text. */
const MAX_CARD_BYTES = 1024 * 1024;
/** Of the work: hashing, which reads everything once. */
const HASH_SHARE = 0.2;
/** The hub answers it for a repository that is there. */
const CONFLICT = 409;

/** `folder` is absolute. Throws INVALID_INPUT when nothing in it would be published. */
export function planPublishing(folder: string): Omit<PublishPlan, 'hasToken'> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const names = entries.map(({ name }) => name).sort();
  const files = names
    .filter(isPublishedFile)
    .map((name) => ({ path: name, sizeBytes: statSync(join(folder, name)).size }));
  if (!files.some(({ path }) => /\.(safetensors|gguf)$/.test(path))) {
    throw new StudioError('INVALID_INPUT', `${basename(folder)} has no weights that can be published`, {
      hint: 'Convert the checkpoint to a Hugging Face folder first, then publish that',
      path: folder,
    });
  }
  const card = files.find(({ path, sizeBytes }) => path === 'README.md' && sizeBytes <= MAX_CARD_BYTES);
  return {
    files,
    totalBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    leftOut: names.filter((name) => !isPublishedFile(name)),
    warnings: [...publishWarnings(names, card ? readFileSync(join(folder, card.path), 'utf8') : null)],
  };
}

export interface PublishRequest {
  /** Absolute. */
  readonly folder: string;
  readonly repository: string;
  readonly visibility: 'private' | 'public';
  readonly token: string;
  readonly message: string | null;
  /** Without a slash at its end. */
  readonly endpoint: string;
}

/** Throws PERMISSION_DENIED, UNAVAILABLE, INVALID_INPUT, and what the signal says. */
export async function publishFolder(
  request: PublishRequest,
  { progress, signal }: { readonly progress: (share: number) => Promise<void>; readonly signal: AbortSignal },
): Promise<Published> {
  const { folder, repository, endpoint, token } = request;
  const { files, totalBytes } = planPublishing(folder);
  // The library refuses others before it asks the hub.
  if (!token.startsWith('hf_')) throw unknownToken(folder);
  const access = { repo: { type: 'model', name: repository }, accessToken: token, hubUrl: endpoint } as const;
  let sentBytes = 0;
  const counting: typeof fetch = async (target, options) => {
    const response = await fetch(target, options);
    const body: unknown = options?.body;
    if (response.ok && options?.method === 'PUT' && body instanceof Blob) sentBytes += body.size;
    return response;
  };
  try {
    await createRepo({ ...access, visibility: request.visibility, fetch: counting }).catch(unlessThere);
    const sizes = new Map(files.map(({ path, sizeBytes }) => [path, sizeBytes]));
    const doneBytes = new Map<string, number>();
    const operations = await Promise.all(
      files.map(async ({ path }) => ({
        operation: 'addOrUpdate' as const,
        path,
        content: await openAsBlob(join(folder, path)),
      })),
    );
    const events = commitIter({
      ...access,
      operations,
      title: request.message ?? `Upload ${basename(folder)}`,
      // The plain way of sending large files; it names them by their hash, so that a second time sends only what is missing.
      useXet: false,
      abortSignal: signal,
      fetch: counting,
    });
    for (;;) {
      const step = await events.next();
      if (step.done) return finished(request, { commit: step.value?.commit, sentBytes, files: files.length });
      const { value } = step;
      if (value.event !== 'fileProgress') continue;
      const share =
        value.state === 'hashing'
          ? HASH_SHARE * value.progress
          : HASH_SHARE + (1 - HASH_SHARE) * value.progress;
      doneBytes.set(value.path, share * (sizes.get(value.path) ?? 0));
      await progress([...doneBytes.values()].reduce((sum, bytes) => sum + bytes, 0) / totalBytes);
    }
  } catch (error) {
    if (signal.aborted || error instanceof StudioError) throw error;
    throw refused(error, request);
  }
}

function finished(
  { repository, endpoint }: PublishRequest,
  about: {
    readonly commit: { readonly oid: string } | undefined;
    readonly sentBytes: number;
    readonly files: number;
  },
): Published {
  return {
    repository,
    url: `${endpoint}/${repository}`,
    commit: about.commit?.oid ?? '',
    sentBytes: about.sentBytes,
    files: about.files,
  };
}

function unlessThere(error: unknown): void {
  if (!(error instanceof HubApiError) || error.statusCode !== CONFLICT) throw error;
}

function unknownToken(folder: string, cause?: unknown): StudioError {
  return new StudioError('PERMISSION_DENIED', 'The hub does not know this token', {
    hint: 'Make one with the right to write at the hub (Settings, Access Tokens), and give it here; it begins with hf_',
    path: folder,
    cause,
  });
}

function refused(error: unknown, { repository, endpoint, folder }: PublishRequest): StudioError {
  const detail = error instanceof Error ? error.message : String(error);
  const status = error instanceof HubApiError ? error.statusCode : null;
  const options = (hint: string) => ({ hint, path: folder, detail, cause: error });
  if (status === 401) {
    return unknownToken(folder, error);
  }
  if (status === 403) {
    return new StudioError(
      'PERMISSION_DENIED',
      `The token may not write to ${repository}`,
      options('Use a token with the right to write, or a repository of your own (owner/name)'),
    );
  }
  if (status === 400 || status === 422) {
    return new StudioError(
      'INVALID_INPUT',
      `The hub refuses the files: ${detail}`,
      options('The header of the card must be valid YAML, and its licence one the hub knows'),
    );
  }
  if (status === 413) {
    return new StudioError(
      'TOO_LARGE',
      'A file is larger than the hub takes',
      options('Convert the model in smaller shards'),
    );
  }
  if (status !== null) {
    return new StudioError(
      'UNAVAILABLE',
      `The hub answered ${status}`,
      options('Publish again later: files that arrived are not sent again'),
    );
  }
  return new StudioError(
    'UNAVAILABLE',
    `The connection to ${new URL(endpoint).host} broke off`,
    options('Publish again: files that arrived are not sent again'),
  );
}
