// One token child: turns texts into ids away from core, which must stay quick. One request at a time, in order.
// Its tokenizers are read again when their file changes; it ends with its parent.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cutText } from '../../lib/tokenizers/cut-text.ts';
import { encodeWithPlaces } from '../../lib/tokenizers/encode-with-places.ts';
import { placeIds } from '../../lib/tokenizers/place-ids.ts';
import { toStudioError } from '../system-errors.ts';
import { type LoadedTokenizer, loadTokenizer } from './load-tokenizer.ts';
import { type FromTokenChild, type TokenAnswer, type TokenRequest, toTokenChild } from './token-protocol.ts';

/** A vocabulary of 262k entries with its merges takes 300 MB: the one in use and the one before. */
const MAX_LOADED = 2;

const loaded = new Map<string, { readonly stamp: string; readonly tokenizer: LoadedTokenizer }>();

async function tokenizerAt(path: string): Promise<LoadedTokenizer> {
  const info = await stat(path);
  const { size, mtimeMs } = info.isDirectory() ? await stat(join(path, 'tokenizer.json')) : info;
  const stamp = `${size}:${mtimeMs}`;
  const known = loaded.get(path);
  loaded.delete(path);
  const entry = known?.stamp === stamp ? known : { stamp, tokenizer: await loadTokenizer(path) };
  loaded.set(path, entry);
  const oldest = loaded.keys().next().value;
  if (loaded.size > MAX_LOADED && oldest !== undefined) loaded.delete(oldest);
  return entry.tokenizer;
}

async function answer(request: TokenRequest): Promise<TokenAnswer> {
  const { path, sha256, name, tokenizer } = await tokenizerAt(request.path);
  switch (request.kind) {
    case 'describe': {
      const { kind, vocabularySize, specialTokens } = tokenizer;
      return {
        kind: 'describe',
        facts: { path, name, sha256, kind, vocabularySize, specialTokens: [...specialTokens] },
      };
    }
    case 'count': {
      const counts = request.texts.map((text) => tokenizer.encode(text, { special: request.special }).length);
      return { kind: 'count', counts: Uint32Array.from(counts) };
    }
    case 'cut':
      return { kind: 'cut', ...cutText(tokenizer, request.text, request.limit) };
    case 'encode':
      return { kind: 'encode', ...encodeWithPlaces(tokenizer, request.text, { special: request.special }) };
    case 'decode':
      return { kind: 'decode', texts: request.lists.map((ids) => tokenizer.decode(ids)) };
    case 'place':
      return { kind: 'place', ...placeIds(tokenizer, request.ids) };
    case 'tokens':
      return { kind: 'tokens', tokens: Array.from(request.ids, (id) => tokenizer.tokenOf(id)) };
  }
}

function send(message: FromTokenChild): void {
  process.send?.(message);
}

async function handle(raw: unknown): Promise<void> {
  const { id, request } = toTokenChild.parse(raw);
  try {
    send({ kind: 'done', id, answer: await answer(request) });
  } catch (error) {
    const { code, message, data } = toStudioError(error);
    send({ kind: 'failed', id, code, message, data });
  }
}

let turn = Promise.resolve();
process.on('message', (raw) => {
  turn = turn.then(() => handle(raw));
});
process.on('disconnect', () => process.exit(0));
