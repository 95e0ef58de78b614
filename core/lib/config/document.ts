// parseConfig(text), hasSyntaxError(text): one YAML text as nodes with their exact places, typed as PyYAML would type them. Never throws:
// broken YAML gives findings with line and column and as much of the tree as could be read. Knows no schema.
import { Composer, type Document, Parser } from 'yaml';
import { composeNodes } from './compose-nodes.ts';
import { findingMaker, type FindingMaker, pointRange } from './finding.ts';
import { patchAround, syntaxPlace } from './syntax-recovery.ts';
import { tabFindings } from './tab-findings.ts';
import type { ConfigDocument, Finding } from './types.ts';

/** A config of 650 lines is 30 kB; beyond 2 MiB it is data in the wrong place, and parsing would freeze the window. */
export const MAX_TEXT_LENGTH = 2 * 1024 * 1024;
/** Real configs nest five deep; composing recurses once per level, so depth must end long before the stack does. */
export const MAX_DEPTH = 100;
/** Syntax findings beyond this repeat what the first ones say. */
export const MAX_SYNTAX_FINDINGS = 50;

/** Broken lines that are read around; each costs one more parse. */
const MAX_PATCHES = 4;

/** PyYAML refuses a stream that holds any of these. */
const NOT_PRINTABLE = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ufffd]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * Parses one YAML text with the syntax of YAML 1.2 and the scalar types of YAML 1.1 as PyYAML 6 reads them.
 * Aliases and merge keys are resolved; of duplicate keys the last is kept; only the first of several documents is read.
 * A text over MAX_TEXT_LENGTH is not read at all: root null, one finding `yaml-too-large`.
 */
export function parseConfig(text: string): ConfigDocument {
  if (text.length > MAX_TEXT_LENGTH) return tooLarge(text);
  const maker = findingMaker(text);
  const problems: Finding[] = [];
  const { document, tooDeepAt, extraAt } = compose(text);
  if (tooDeepAt !== null) {
    const range = pointRange(text, tooDeepAt);
    const message = `Values are nested more than ${MAX_DEPTH} levels deep here; the file is not read.`;
    return {
      text,
      root: null,
      problems: [maker.make({ code: 'yaml-too-deep', severity: 'error', range, message })],
    };
  }
  if (document !== null) problems.push(...syntaxFindings(document, maker, text));
  if (extraAt !== null) {
    const message = 'A second YAML document starts here; the tools read files with exactly one.';
    problems.push(
      maker.make({
        code: 'yaml-multiple-documents',
        severity: 'error',
        range: pointRange(text, extraAt),
        message,
      }),
    );
  }
  problems.push(...characterFindings(text, maker));
  problems.push(...tabFindings(text, document, maker, new Set(problems.map((problem) => problem.line))));
  const errors = document?.errors ?? [];
  const readable = errors.length === 0 ? { document, text, complete: true } : readAround(text, document);
  const composed = composeNodes(readable.text, readable.document?.contents ?? null);
  for (const problem of composed.problems) {
    const severity = problem.code === 'yaml-duplicate-key' ? 'warning' : 'error';
    problems.push(maker.make({ ...problem, severity }));
  }
  problems.sort((left, right) => left.range.start - right.range.start);
  const result: ConfigDocument = { text, root: composed.root, problems };
  const firstError = problems.find((problem) => problem.code === 'yaml-syntax');
  return readable.complete || firstError === undefined
    ? result
    : { ...result, trustedUntil: firstError.range.start };
}

interface Readable {
  /** Same length as the original, so that every offset holds in both. */
  readonly text: string;
  readonly document: Document.Parsed | null;
  readonly complete: boolean;
}

/** Patches broken lines without moving an offset, as long as that leaves fewer errors. */
function readAround(text: string, broken: Document.Parsed | null): Readable {
  let current: Readable = { text, document: broken, complete: false };
  for (let round = 0; round < MAX_PATCHES; round += 1) {
    const error = current.document?.errors[0];
    const patched = error === undefined ? null : patchAround(current.text, error);
    if (patched === null) break;
    const next = compose(patched).document;
    const errorCount = next?.errors.length ?? 0;
    if (next === null || errorCount >= (current.document?.errors.length ?? 0)) break;
    current = { text: patched, document: next, complete: errorCount === 0 };
    if (current.complete) break;
  }
  return current;
}

/** True when the text is not valid YAML; cheaper than parseConfig, for proving that a fix mends it. */
export function hasSyntaxError(text: string): boolean {
  const { document, tooDeepAt } = compose(text);
  return tooDeepAt !== null || (document?.errors.length ?? 0) > 0;
}

function tooLarge(text: string): ConfigDocument {
  const megabytes = (count: number) => (count / 1024 / 1024).toFixed(count < 10 * 1024 * 1024 ? 1 : 0);
  const message = `The text has ${megabytes(text.length)} million characters; a config may have ${megabytes(MAX_TEXT_LENGTH)}. Open it as data instead.`;
  const finding: Finding = {
    code: 'yaml-too-large',
    severity: 'error',
    range: { start: 0, end: 0 },
    line: 1,
    column: 1,
    path: [],
    message,
  };
  return { text, root: null, problems: [finding] };
}

interface Composed {
  readonly document: Document.Parsed | null;
  readonly tooDeepAt: number | null;
  /** Start of a second document. */
  readonly extraAt: number | null;
}

function compose(text: string): Composed {
  const parser = new Parser();
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, keepSourceTokens: false });
  let document: Document.Parsed | null = null;
  let extraAt: number | null = null;
  for (const token of parser.parse(text)) {
    const depthProblem = tooDeep(token);
    if (depthProblem !== null) return { document: null, tooDeepAt: depthProblem, extraAt: null };
    for (const next of composer.next(token)) {
      if (document === null) document = next;
      else extraAt ??= next.range?.[0] ?? 0;
    }
  }
  for (const next of composer.end(true, text.length)) {
    if (document === null) document = next;
    else extraAt ??= next.range?.[0] ?? 0;
  }
  return { document, tooDeepAt: null, extraAt };
}

interface AnyToken {
  readonly type: string;
  readonly offset: number;
  readonly value?: AnyToken | null;
  readonly key?: AnyToken | null;
  readonly items?: readonly { readonly key?: unknown; readonly value?: unknown }[];
}

/** Offset of the first token nested deeper than MAX_DEPTH; walks without recursion, because the input decides the depth. */
function tooDeep(root: unknown): number | null {
  const pending: { token: AnyToken; depth: number }[] = [{ token: root as AnyToken, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    if (token.type === 'document' && token.value) pending.push({ token: token.value, depth });
    if (token.items === undefined) continue;
    for (const item of token.items) {
      if (item.key) pending.push({ token: item.key as AnyToken, depth: depth + 1 });
      if (item.value) pending.push({ token: item.value as AnyToken, depth: depth + 1 });
    }
  }
  return null;
}

function syntaxFindings(document: Document.Parsed, maker: FindingMaker, text: string): readonly Finding[] {
  const seen = new Set<number>();
  const findings: Finding[] = [];
  for (const error of document.errors.slice(0, MAX_SYNTAX_FINDINGS)) {
    const place = syntaxPlace(text, error, document);
    if (place === null || seen.has(place.range.start)) continue;
    seen.add(place.range.start);
    findings.push(maker.make({ code: 'yaml-syntax', severity: 'error', ...place }));
  }
  return findings;
}

function characterFindings(text: string, maker: FindingMaker): readonly Finding[] {
  const match =
    NOT_PRINTABLE.exec(text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text) ?? LONE_SURROGATE.exec(text);
  if (match === null) return [];
  const code = text.charCodeAt(match.index).toString(16).padStart(4, '0').toUpperCase();
  if (/[\ud800-\udfff]/.test(match[0]) && !LONE_SURROGATE.test(text)) return [];
  const message = `The character U+${code} cannot be printed and is refused by the YAML loader of the training tools.`;
  return [
    maker.make({
      code: 'yaml-forbidden-character',
      severity: 'error',
      range: pointRange(text, match.index),
      message,
    }),
  ];
}
