// A suite out of its file: YAML, or JSONL with one prompt a line. Every problem is said with its line, all of them at once.
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Check, parseCheck } from './check.ts';
import { GREEDY, MAX_PROMPTS, MAX_SAMPLERS, type Suite, suite, type SuiteSampler } from './suite.ts';

export type SuiteFormat = 'yaml' | 'jsonl';

export interface SuiteProblem {
  readonly message: string;
  /** From 1; null where it concerns the whole file. */
  readonly line: number | null;
}

export type ReadSuite =
  | { readonly kind: 'suite'; readonly suite: Suite }
  | { readonly kind: 'problems'; readonly problems: readonly SuiteProblem[] };

/** A suite of two thousand prompts of a page. */
export const MAX_SUITE_BYTES = 4 * 1024 * 1024;
/** A broken file says the same thing on every line. */
const MAX_PROBLEMS = 50;
const DEFAULT_MAX_TOKENS = 128;
/** An alias for each prompt and some; more is an attempt to fill the memory. */
const MAX_ALIASES = 200;

const textOrTexts = z.union([z.string(), z.array(z.string())]);
const samplerInput = z.union([
  z.literal('greedy'),
  z.strictObject({
    temperature: z.number().min(0).max(5).default(0.7),
    topK: z.number().int().min(0).default(40),
    topP: z.number().min(0).max(1).default(0.95),
    minP: z.number().min(0).max(1).default(0),
    repeatPenalty: z.number().min(0.5).max(2).default(1),
    seeds: z.array(z.number().int().min(0).max(4_294_967_294)).min(1).max(MAX_SAMPLERS).default([1]),
  }),
]);
const message = z.union([
  z.strictObject({ role: z.enum(['system', 'user', 'assistant']), text: z.string() }),
  z
    .strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })
    .transform(({ role, content }) => ({ role, text: content })),
]);
const promptInput = z.strictObject({
  id: z.union([z.string(), z.number().int()]).transform(String),
  language: z.string().optional(),
  domain: z.string().optional(),
  user: z.string().optional(),
  text: z.string().optional(),
  messages: z.array(message).optional(),
  system: z.string().optional(),
  checks: z.array(z.unknown()).optional(),
  maxTokens: z.number().int().optional(),
  stop: textOrTexts.optional(),
});
const headInput = z.strictObject({
  title: z.string().optional(),
  name: z.string().optional(),
  description: z.string().default(''),
  language: z.string().optional(),
  systemPrompt: z.string().default(''),
  samplers: z.array(samplerInput).min(1).max(MAX_SAMPLERS).optional(),
  checks: z.array(z.unknown()).default([]),
  maxTokens: z.number().int().default(DEFAULT_MAX_TOKENS),
  stop: textOrTexts.optional(),
});

type Path = readonly PropertyKey[];
/** The line on which the value at a path begins. */
type LineOf = (path: Path) => number | null;

class Problems {
  readonly list: SuiteProblem[] = [];
  private readonly lineOf: LineOf;

  constructor(lineOf: LineOf) {
    this.lineOf = lineOf;
  }

  add(path: Path, message: string): void {
    if (this.list.length < MAX_PROBLEMS) this.list.push({ message, line: this.lineOf(path) });
  }
}

/** `fallbackTitle` names a suite whose file does not. */
export function readSuite(text: string, format: SuiteFormat, fallbackTitle: string): ReadSuite {
  if (text.length > MAX_SUITE_BYTES) {
    return refused([{ message: 'The file is larger than a suite can be (4 MB)', line: null }]);
  }
  const raw = format === 'yaml' ? fromYaml(text) : fromLines(text);
  if ('kind' in raw) return raw;
  const problems = new Problems(raw.lineOf);
  const made = build(raw, problems, fallbackTitle);
  if (problems.list.length > 0 || made === null) return refused(problems.list);
  const parsed = suite.safeParse(made);
  if (parsed.success) return { kind: 'suite', suite: parsed.data };
  for (const issue of parsed.error.issues)
    problems.add(issue.path, `${issue.path.join('.')}: ${issue.message}`);
  return refused(problems.list);
}

const refused = (problems: readonly SuiteProblem[]): ReadSuite => ({ kind: 'problems', problems });

interface Raw {
  readonly head: unknown;
  readonly prompts: unknown;
  readonly lineOf: LineOf;
}

function fromYaml(text: string): Raw | ReadSuite {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  if (document.errors.length > 0) {
    return refused(
      document.errors.slice(0, MAX_PROBLEMS).map((error) => ({
        message: error.message.split('\n')[0]?.replace(/ at line.*$/, '') ?? 'is not valid YAML',
        line: error.linePos?.[0].line ?? null,
      })),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    return refused([{ message: error instanceof Error ? error.message : String(error), line: null }]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused([{ message: 'A suite has a title and prompts; this file is empty or a list', line: 1 }]);
  }
  const { prompts, ...head } = value as Readonly<Record<string, unknown>>;
  const lineOf: LineOf = (path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length) as readonly (string | number)[], true);
      if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
    }
    return null;
  };
  return { head, prompts, lineOf };
}

/** One prompt a line; a first line without id, text, user and messages holds what the suite says of itself. */
function fromLines(text: string): Raw | ReadSuite {
  const rows: { readonly value: unknown; readonly line: number }[] = [];
  const problems: SuiteProblem[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    if (problems.length >= MAX_PROBLEMS) break;
    try {
      rows.push({ value: JSON.parse(line) as unknown, line: index + 1 });
    } catch {
      problems.push({ message: 'This line is not JSON', line: index + 1 });
    }
  }
  if (problems.length > 0) return refused(problems);
  const first = rows[0]?.value;
  const isHead =
    typeof first === 'object' &&
    first !== null &&
    !Array.isArray(first) &&
    !['id', 'text', 'user', 'messages'].some((key) => key in first);
  const own = isHead ? rows.slice(1) : rows;
  const lineOf: LineOf = ([top, index]) =>
    top === 'prompts' && typeof index === 'number' ? (own[index]?.line ?? null) : (rows[0]?.line ?? null);
  return { head: isHead ? first : {}, prompts: own.map(({ value }) => value), lineOf };
}

function build(raw: Raw, problems: Problems, fallbackTitle: string): unknown {
  const head = headInput.safeParse(raw.head);
  if (!head.success) {
    for (const issue of head.error.issues)
      problems.add(issue.path, `${issue.path.join('.') || 'the suite'}: ${issue.message}`);
  }
  if (!Array.isArray(raw.prompts) || raw.prompts.length === 0) {
    problems.add(['prompts'], 'The suite has no prompts: it needs a list “prompts” with at least one');
    return null;
  }
  if (raw.prompts.length > MAX_PROMPTS) {
    problems.add(['prompts'], `The suite has ${raw.prompts.length} prompts, more than ${MAX_PROMPTS}`);
    return null;
  }
  if (!head.success) return null;
  const {
    title,
    name,
    description,
    language = null,
    systemPrompt,
    samplers,
    checks,
    maxTokens,
    stop,
  } = head.data;
  const shared = checksOf(checks, ['checks'], problems);
  const seen = new Map<string, number>();
  const prompts = (raw.prompts as readonly unknown[]).map((value, index) => {
    const path = ['prompts', index];
    const parsed = promptInput.safeParse(value);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        problems.add(
          [...path, ...issue.path],
          `Prompt ${index + 1}: ${issue.path.join('.') || 'it'}: ${issue.message}`,
        );
      }
      return null;
    }
    const own = parsed.data;
    const before = seen.get(own.id);
    if (before !== undefined) {
      problems.add(
        [...path, 'id'],
        `Two prompts have the id ${own.id}: number ${before + 1} and number ${index + 1}`,
      );
    } else seen.set(own.id, index);
    return {
      id: own.id,
      language: own.language ?? null,
      domain: own.domain ?? null,
      input: inputOf(own, path, problems),
      checks: [...checksOf(own.checks ?? [], [...path, 'checks'], problems), ...shared],
      maxTokens: own.maxTokens ?? maxTokens,
      stopTexts: [own.stop ?? stop ?? []].flat(),
    };
  });
  return {
    title: title ?? name ?? fallbackTitle,
    description,
    language,
    systemPrompt,
    samplers: samplersOf(samplers, problems),
    prompts,
  };
}

function inputOf(own: z.infer<typeof promptInput>, path: Path, problems: Problems): unknown {
  const given = [own.text, own.user, own.messages].filter((one) => one !== undefined);
  if (given.length !== 1) {
    problems.add(
      path,
      `Prompt ${own.id} needs exactly one of text (continued as it is), user (one question) and messages (a conversation)`,
    );
    return null;
  }
  if (own.text !== undefined) {
    if (own.system !== undefined)
      problems.add(path, `Prompt ${own.id} is raw text, which has no system message`);
    return { kind: 'raw', text: own.text };
  }
  const before = own.system === undefined ? [] : [{ role: 'system', text: own.system }];
  const messages = own.messages ?? [{ role: 'user', text: own.user ?? '' }];
  return { kind: 'chat', messages: [...before, ...messages] };
}

function checksOf(values: readonly unknown[], path: Path, problems: Problems): readonly Check[] {
  return values.flatMap((value, index) => {
    const parsed = parseCheck(value);
    if (!('problem' in parsed)) return [parsed];
    problems.add(
      [...path, index],
      `Check ${index + 1}${path[0] === 'prompts' ? ` of prompt ${Number(path[1]) + 1}` : ''}: ${parsed.problem}`,
    );
    return [];
  });
}

function samplersOf(
  given: readonly z.infer<typeof samplerInput>[] | undefined,
  problems: Problems,
): readonly SuiteSampler[] {
  const all = (given ?? ['greedy' as const]).flatMap((one): SuiteSampler[] => {
    if (one === 'greedy') return [GREEDY];
    const { seeds, ...settings } = one;
    if (settings.temperature === 0) return [{ ...GREEDY, repeatPenalty: settings.repeatPenalty }];
    return seeds.map((seed) => ({ id: `t ${settings.temperature} seed ${seed}`, ...settings, seed }));
  });
  const ids = all.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) problems.add(['samplers'], `Two samplers are the same: ${twice}`);
  if (all.length > MAX_SAMPLERS)
    problems.add(['samplers'], `There are ${all.length} samplers, more than ${MAX_SAMPLERS}`);
  return all;
}
