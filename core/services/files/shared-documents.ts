// Small JSON files of one kind below a folder of the workspace, which people share through git: listed, saved without losing somebody
// else's edit, renamed, removed, restored. Knows nothing about what they say.
import { readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import type {
  DocumentFile,
  ListedDocument,
  SaveDocumentRequest,
  SaveDocumentResult,
} from '../../api/shared-documents.ts';
import { makeFolder } from './make-folder.ts';
import { readTextFile, versionOf } from './read-text.ts';
import { resolveInside } from './resolve-inside.ts';
import { exists, moveToTrash, restoreFromTrash } from './trash.ts';
import { withFileLock } from './with-file-lock.ts';
import { writeFileAtomic } from './write-atomic.ts';

export interface DocumentKind<Document> {
  /** First folder of the path in the workspace. */
  readonly folder: string;
  /** "saved view", "dashboard": for sentences. */
  readonly noun: string;
  readonly maxBytes: number;
  /** Throws SyntaxError or ZodError. */
  readonly parse: (text: string) => Document;
  /** The same document gives the same text. */
  readonly text: (document: Document) => string;
}

/** More names than a list helps with. */
const MAX_DOCUMENTS = 1000;

export interface SharedDocuments<Document> {
  /** Throws NOT_FOUND (through errno), TOO_LARGE, or INVALID_INPUT that names the first field that is wrong. */
  read(root: string, path: string): Promise<DocumentFile<Document>>;
  /** Every .json below the folder, by path; what cannot be read says why. */
  list(root: string, signal?: AbortSignal): Promise<ListedDocument<Document>[]>;
  /** A file that changed since `baseVersion` is left alone and returned. Throws NOT_FOUND when it was removed meanwhile. */
  save(root: string, request: SaveDocumentRequest<Document>): Promise<SaveDocumentResult<Document>>;
  /** Never onto another file. */
  rename(root: string, from: string, to: string): Promise<void>;
  /** Returns the token that brings it back. */
  remove(root: string, path: string): Promise<string>;
  restore(root: string, restoreToken: string): Promise<string>;
}

export function sharedDocuments<Document>(kind: DocumentKind<Document>): SharedDocuments<Document> {
  const { folder, noun, maxBytes } = kind;
  const read = async (root: string, path: string): Promise<DocumentFile<Document>> => {
    const file = await readTextFile(await resolved(kind, root, path), maxBytes);
    return { path, version: file.version, modifiedMs: file.modifiedMs, saved: parsed(kind, path, file.text) };
  };
  return {
    read,
    async list(root, signal) {
      const listed: ListedDocument<Document>[] = [];
      for (const path of await pathsBelow(root, folder)) {
        signal?.throwIfAborted();
        try {
          const file = await read(root, path);
          listed.push({ path, modifiedMs: file.modifiedMs, file, problem: null });
        } catch (error) {
          const problem = error instanceof Error ? error.message : String(error);
          listed.push({ path, modifiedMs: 0, file: null, problem });
        }
      }
      return listed;
    },
    async save(root, { path, saved, baseVersion }) {
      const real = await resolved(kind, root, path);
      const text = kind.text(saved);
      return withFileLock(root, path, async () => {
        const version = versionOf(text);
        const current = await readTextFile(real, maxBytes).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return null;
          throw error;
        });
        if (current === null && baseVersion !== null) {
          throw new StudioError('NOT_FOUND', `${basename(path)} was removed since it was opened`, {
            hint: `Save the ${noun} under a name to keep it`,
            path,
          });
        }
        if (current !== null && current.version !== baseVersion && current.version !== version) {
          return { kind: 'conflict', current: await read(root, path).catch(() => null) };
        }
        if (current?.version !== version) await writeFileAtomic(real, text);
        return { kind: 'saved', file: { path, version, modifiedMs: (await stat(real)).mtimeMs, saved } };
      });
    },
    async rename(root, from, to) {
      const source = await resolved(kind, root, from);
      const target = await resolved(kind, root, to);
      await withFileLock(root, to, async () => {
        await stat(source);
        if (source !== target && (await exists(target))) {
          throw new StudioError('ALREADY_EXISTS', `${basename(to)} exists already`, {
            hint: `Choose another name, or remove the other ${noun} first`,
            path: to,
          });
        }
        await makeFolder(dirname(target));
        await rename(source, target);
      });
    },
    async remove(root, path) {
      await resolved(kind, root, path);
      return moveToTrash(root, path);
    },
    restore: (root, restoreToken) => restoreFromTrash(root, restoreToken),
  };
}

async function pathsBelow(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json') && !entry.name.startsWith('.'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
    .slice(0, MAX_DOCUMENTS);
}

function parsed<Document>({ noun, parse }: DocumentKind<Document>, path: string, text: string): Document {
  try {
    return parse(text);
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : null;
    const reason = issue
      ? `${issue.path.join('.') || 'the file'}: ${issue.message}`
      : /^<{7} /m.test(text)
        ? 'git left a conflict in it'
        : 'it is not valid JSON';
    throw new StudioError('INVALID_INPUT', `${basename(path)} is not a ${noun}: ${reason}`, {
      hint: `Mend the file in a text editor, or remove it and save the ${noun} again`,
      path,
      cause: error,
    });
  }
}

async function resolved<Document>(
  { folder, noun }: DocumentKind<Document>,
  root: string,
  path: string,
): Promise<string> {
  if (!path.startsWith(`${folder}/`) || !path.endsWith('.json')) {
    throw new StudioError('INVALID_INPUT', `${basename(path)} is no place for a ${noun}`, {
      hint: `Files of this kind are .json files below ${folder}/`,
      path,
    });
  }
  return resolveInside(root, path);
}
