// The text of rows of tokenized files: decoded for the rows that are shown, by the tokenizer that was chosen, or by the one
// the metadata name when it is at hand. Without one, rows show their ids.
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Cell, DatasetDocument, RowTokens } from '../../../api/dataset-rows.ts';
import type { DatasetInfo } from '../../../api/dataset-shape.ts';
import { StudioError } from '../../../api/errors.ts';
import { packTokens } from '../../../rpc/token-columns.ts';
import { isInside, toWorkspacePath } from '../../files/resolve-inside.ts';
import { tokenizerName } from '../../tokenizers/tokenizer-name.ts';
import type { TokenWorkers } from '../../tokenizers/token-workers.ts';
import type { TokenizerFacts } from '../../tokenizers/token-protocol.ts';
import { PREVIEW_CHARACTERS } from '../columns.ts';
import { MAX_FIELD_CHARACTERS } from '../document.ts';
import { preview } from '../page.ts';
import type { DatasetSource } from '../source.ts';
import { readDocumentIds, tokenFileOf } from './token-ids.ts';

/** A grid cell shows 2,048 characters: with fewer than three in a token, this many are enough. */
const PREVIEW_TOKENS = 768;
/** More than any document a person reads: half a million words. */
export const MAX_DOCUMENT_TOKENS = 1_000_000;
const SHOWN_IDS = 200;
/** Files whose findings are named; the others are counted. */
const MAX_FINDINGS = 50;

export interface TokenRowsOptions {
  readonly workers: TokenWorkers;
  /** Null outside of a workspace. */
  readonly root: () => string | null;
  /** Tokenizers that can be found by their name, absolute. */
  readonly known: (signal: AbortSignal | undefined) => Promise<readonly string[]>;
}

export interface TokenRows {
  /** What the window says about the tokens of a dataset; undefined for one without tokenized files. */
  describe(source: DatasetSource, signal?: AbortSignal): Promise<DatasetInfo['tokens']>;
  /** The same rows with their text where a column holds it. `tokenizer` is absolute; null: as the metadata have it. */
  fill(
    source: DatasetSource,
    page: { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] },
    rowNumbers: readonly number[],
    options: FillOptions,
  ): Promise<Cell[][]>;
  fillDocument(
    source: DatasetSource,
    document: DatasetDocument,
    options: FillOptions,
  ): Promise<DatasetDocument>;
  /** The tokenizer that decodes a row: absolute, or null where none is at hand. */
  tokenizerOf(source: DatasetSource, row: number, options: FillOptions): Promise<string | null>;
  /** The text of one row with the place of every token. Throws INVALID_INPUT without tokenized file or tokenizer. */
  place(source: DatasetSource, row: number, options: FillOptions): Promise<RowTokens>;
}

export interface FillOptions {
  readonly tokenizer: string | null;
  readonly signal?: AbortSignal | undefined;
}

export function createTokenRows({ workers, root, known }: TokenRowsOptions): TokenRows {
  const resolved = new Map<string, string | null>();

  /** The tokenizer that metadata name: by path, else by name. Absolute, or null. */
  const resolve = async (
    named: string,
    near: string,
    signal: AbortSignal | undefined,
  ): Promise<string | null> => {
    const key = `${root() ?? ''}\n${dirname(near)}\n${named}`;
    const before = resolved.get(key);
    if (before !== undefined && (before === null || (await isTokenizer(before)))) return before;
    const folder = root();
    const places = isAbsolute(named)
      ? [named]
      : [...(folder === null ? [] : [join(folder, named)]), join(dirname(near), named)];
    for (const place of places) {
      if (await isTokenizer(place)) return remember(key, place);
    }
    const wanted = tokenizerName(named).toLowerCase();
    const byName = (await known(signal)).find((path) => tokenizerName(path).toLowerCase() === wanted);
    return byName === undefined ? null : remember(key, byName);
  };
  const remember = (key: string, path: string): string => {
    resolved.set(key, path);
    return path;
  };

  const tokenizerFor = async (
    source: DatasetSource,
    row: number,
    { tokenizer, signal }: FillOptions,
  ): Promise<string | null> => {
    if (tokenizer !== null) return tokenizer;
    const found = tokenFileOf(source, row);
    // A rank that crashed left no metadata: its files lie beside others of the same job.
    const named =
      found?.facts.tokenizer ??
      source.files.find(({ tokens }) => tokens?.tokenizer)?.tokens?.tokenizer ??
      null;
    return found === null || named === null ? null : resolve(named, found.file.path, signal);
  };

  const texts = async (
    source: DatasetSource,
    rows: readonly number[],
    limit: number,
    options: FillOptions,
  ): Promise<readonly ({ readonly text: string; readonly isCut: boolean } | null)[]> => {
    const read = await Promise.all(
      rows.map(async (row) => {
        const found = tokenFileOf(source, row);
        if (found === null) return null;
        const document = await readDocumentIds(found.file.path, found.facts, found.document, limit);
        return { ...document, tokenizer: await tokenizerFor(source, row, options) };
      }),
    );
    const decoded = new Map<number, string>();
    for (const tokenizer of new Set(read.flatMap((each) => each?.tokenizer ?? []))) {
      const wanted = read.flatMap((each, index) => (each?.tokenizer === tokenizer ? [{ index, each }] : []));
      const answer = await workers.ask(
        { kind: 'decode', path: tokenizer, lists: wanted.map(({ each }) => each.ids) },
        { signal: options.signal, urgent: true },
      );
      for (const [at, { index }] of wanted.entries()) decoded.set(index, answer.texts[at] ?? '');
    }
    return read.map((each, index) => {
      if (each === null) return null;
      const isCut = each.ids.length < each.tokens;
      return { text: decoded.get(index) ?? idText(each.ids), isCut };
    });
  };

  return {
    tokenizerOf: tokenizerFor,

    async describe(source, signal) {
      const files = source.files.flatMap(({ path, tokens }) =>
        tokens === undefined ? [] : [{ path, tokens }],
      );
      const [first] = files;
      if (first === undefined) return undefined;
      const names = new Set(files.flatMap(({ tokens }) => tokens.tokenizer ?? []));
      const [named = null] = names;
      const path = named === null ? null : await resolve(named, first.path, signal);
      const facts = path === null ? null : await factsOf(path, signal);
      const largestId = Math.max(...files.map(({ tokens }) => tokens.largestId));
      const sizes = new Set(files.map(({ tokens }) => tokens.bytesPerToken));
      const findings = files.flatMap(({ tokens }) => tokens.findings);
      if (names.size > 1) {
        findings.unshift(`The files were made by different tokenizers: ${[...names].join(', ')}`);
      }
      return {
        named,
        tokenizer: facts === null ? null : { ...shown(facts), vocabularySize: facts.vocabularySize },
        tokens: files.reduce((sum, { tokens }) => sum + tokens.tokens, 0),
        bytesPerToken: sizes.size === 1 ? first.tokens.bytesPerToken : null,
        largestId,
        findings: findings.slice(0, MAX_FINDINGS),
        moreFindings: Math.max(0, findings.length - MAX_FINDINGS),
      };
    },

    async fill(source, page, rowNumbers, options) {
      const rows = page.rows.map((row) => [...row]);
      const column = textIndex(source, page.columns);
      if (column < 0) return rows;
      const found = await texts(source, rowNumbers, PREVIEW_TOKENS, options);
      for (const [index, each] of found.entries()) {
        const row = rows[index];
        if (each === null || row === undefined) continue;
        const text = preview(each.text);
        row[column] = each.isCut && text.length <= PREVIEW_CHARACTERS ? `${text}…` : text;
      }
      return rows;
    },

    async fillDocument(source, document, options) {
      const column = textIndex(
        source,
        document.fields.map(({ name }) => name),
      );
      const [found] = await texts(source, [document.row], MAX_DOCUMENT_TOKENS, options);
      if (column < 0 || found === null || found === undefined) return document;
      const value = found.text.slice(0, MAX_FIELD_CHARACTERS);
      const truncated = found.isCut || value.length < found.text.length;
      return {
        ...document,
        fields: document.fields.map((field, index) =>
          index === column ? { ...field, value, truncated } : field,
        ),
      };
    },

    async place(source, row, options) {
      const found = tokenFileOf(source, row);
      const tokenizer = await tokenizerFor(source, row, options);
      if (found === null || tokenizer === null) {
        throw new StudioError(
          'INVALID_INPUT',
          `Row ${row} of ${basename(source.path)} has no tokens to show`,
          {
            hint: found === null ? 'Choose a row of a .ds file' : 'Choose a tokenizer of the workspace first',
            path: source.path,
          },
        );
      }
      const { ids, tokens } = await readDocumentIds(
        found.file.path,
        found.facts,
        found.document,
        MAX_DOCUMENT_TOKENS,
      );
      const { text, ...placed } = await workers.ask(
        { kind: 'place', path: tokenizer, ids },
        { signal: options.signal, urgent: true },
      );
      return {
        text,
        tokens: placed.ids.length,
        allTokens: tokens,
        exact: placed.exact,
        data: packTokens(placed),
      };
    },
  };

  async function factsOf(path: string, signal: AbortSignal | undefined): Promise<TokenizerFacts | null> {
    try {
      return (await workers.ask({ kind: 'describe', path }, { signal, urgent: true })).facts;
    } catch {
      signal?.throwIfAborted();
      // What is wrong with it is said when it is used.
      return null;
    }
  }

  function shown({ path }: TokenizerFacts): { path: string; name: string } {
    const folder = root();
    const inside = folder !== null && isInside(folder, path);
    return { path: inside ? toWorkspacePath(folder, path) : path, name: tokenizerName(path) };
  }
}

/** Which of the columns is the text of a tokenized file; -1 when none is. */
function textIndex(source: DatasetSource, columns: readonly string[]): number {
  return source.files.some(({ tokens }) => tokens !== undefined) ? columns.indexOf('text') : -1;
}

function idText(ids: Uint32Array): string {
  const more = ids.length > SHOWN_IDS ? ' …' : '';
  return `ids ${Array.from(ids.subarray(0, SHOWN_IDS)).join(' ')}${more}`;
}

async function isTokenizer(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  if (info === null) return false;
  if (info.isFile()) return path.endsWith('.json');
  return (await stat(join(path, 'tokenizer.json')).catch(() => null))?.isFile() ?? false;
}
