// An answer against the checks of its prompt: each passes, fails with a reason, or cannot be told. What needs more than text
// (a pattern within a limit of time, the language of a text) is handed in.
import { z } from 'zod';
import { findLoopInText, repeatedShareInText } from '../text-quality/repetition.ts';
import { textUnits } from '../text-quality/units.ts';
import { type Check, checkWords } from './check.ts';

export interface AnswerText {
  readonly text: string;
  readonly tokens: number;
  /** `end`: by the model's own end token or a stop text. */
  readonly stopReason: string;
}

export interface CheckTools {
  /** Runs `work` within a limit of time; null when it took longer. */
  readonly limited: <T>(key: string, work: () => T) => T | null;
  /** ISO 639-1; null when the text is too short or of no known language. */
  readonly languageOf: (text: string) => string | null;
}

export interface Verdict {
  readonly words: string;
  /** Null: it cannot be told. */
  readonly passed: boolean | null;
  /** What was found; empty where the words say it all. */
  readonly reason: string;
}

export type Mark = 'pass' | 'fail' | 'unchecked';

/** Fails with one failed check; a prompt without a check that can be told is neither. */
export function markOf(verdicts: readonly Verdict[]): Mark {
  if (verdicts.some(({ passed }) => passed === false)) return 'fail';
  return verdicts.some(({ passed }) => passed === true) ? 'pass' : 'unchecked';
}

export function judge(checks: readonly Check[], answer: AnswerText, tools: CheckTools): readonly Verdict[] {
  return checks.map((one) => {
    const { passed, reason } = verdictOf(one, answer, tools);
    return { words: checkWords(one), passed, reason };
  });
}

type Finding = Omit<Verdict, 'words'>;
const pass: Finding = { passed: true, reason: '' };
const fail = (reason: string): Finding => ({ passed: false, reason });
const undecided = (reason: string): Finding => ({ passed: null, reason });

function verdictOf(own: Check, answer: AnswerText, tools: CheckTools): Finding {
  const { text } = answer;
  switch (own.kind) {
    case 'contains': {
      const found = own.texts.filter((wanted) => folded(text, own).includes(folded(wanted, own)));
      if (own.all ? found.length === own.texts.length : found.length > 0) return pass;
      const missing = own.texts.filter((wanted) => !found.includes(wanted));
      return fail(own.all ? `“${missing[0]}” is missing` : 'none of them is there');
    }
    case 'excludes': {
      const found = own.texts.find((banned) => folded(text, own).includes(folded(banned, own)));
      return found === undefined ? pass : fail(`“${found}” is there`);
    }
    case 'equals': {
      const given = folded(text.trim(), own);
      return own.texts.some((wanted) => folded(wanted.trim(), own) === given)
        ? pass
        : fail('it is something else');
    }
    case 'regex': {
      const key = `${own.ignoreCase ? 'i' : ''}/${own.pattern}`;
      const found = tools.limited(key, () => new RegExp(own.pattern, own.ignoreCase ? 'iu' : 'u').test(text));
      if (found === null) return fail('the pattern took too long on this answer; simplify it');
      return found ? pass : fail('no match');
    }
    case 'json':
      return parseJson(text) === null ? fail('it is not JSON') : pass;
    case 'jsonSchema':
      return followsSchema(own.schema, text, tools);
    case 'language': {
      const found = tools.languageOf(text);
      if (found === null) return undecided('too short to tell');
      return found === primary(own.language) ? pass : fail(`it reads as ${found}`);
    }
    case 'length': {
      const length = lengthOf(own.unit, answer);
      if (own.min !== null && length < own.min) return fail(`it has ${length}`);
      return own.max !== null && length > own.max ? fail(`it has ${length}`) : pass;
    }
    case 'repetition': {
      const share = repetitionOf(text);
      if (share === null) return undecided('too short to tell');
      return share > own.max ? fail(`${Math.round(share * 100)} % of it was there before`) : pass;
    }
    case 'ends':
      return answer.stopReason === 'max-tokens' || answer.stopReason === 'context-full'
        ? fail(`cut off after ${answer.tokens} tokens`)
        : pass;
    case 'notEmpty':
      return text.trim() === '' ? fail('there is nothing') : pass;
  }
}

/** Composed, so that è and e + ` are the same. */
function folded(text: string, { ignoreCase }: { readonly ignoreCase: boolean }): string {
  const composed = text.normalize('NFC');
  return ignoreCase ? composed.toLowerCase() : composed;
}

/** `it` of `it-IT`; three letters where there are no two are compared as they are. */
export const primary = (code: string): string => code.split(/[-_]/)[0] ?? code;

/** Code points, words as they are counted everywhere here, or the model's own tokens. */
function lengthOf(unit: 'words' | 'tokens' | 'characters', { text, tokens }: AnswerText): number {
  if (unit === 'tokens') return tokens;
  if (unit === 'characters') return Array.from(text.trim()).length;
  return textUnits(text).filter((one) => /[\p{L}\p{N}]/u.test(one.text)).length;
}

/** Share of what came before, 0 to 1: of groups of four words, or of a loop that goes on to the end. Null for short answers. */
export function repetitionOf(text: string): number | null {
  const share = repeatedShareInText(text);
  const loop = findLoopInText(text);
  const looped = loop?.reachesEnd
    ? 1 - loop.freshUnits / (loop.freshUnits + loop.period * (loop.rounds - 1))
    : null;
  if (share === null) return looped;
  return looped === null ? share : Math.max(share, looped);
}

const FENCED = /^```[a-z]*\s*\n([\s\S]*?)\n?```$/i;

/** The value, boxed because it may be null; a fence of three back ticks around the whole is taken off. Null when it is no JSON. */
export function parseJson(text: string): { readonly value: unknown } | null {
  const plain = text.trim();
  const inside = FENCED.exec(plain)?.[1] ?? plain;
  try {
    return { value: JSON.parse(inside) as unknown };
  } catch {
    return null;
  }
}

function followsSchema(schema: unknown, text: string, tools: CheckTools): Finding {
  const parsed = parseJson(text);
  if (parsed === null) return fail('it is not JSON');
  const result = tools.limited(`schema ${JSON.stringify(schema)}`, () =>
    z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(parsed.value),
  );
  if (result === null) return fail('the schema took too long on this answer; simplify its patterns');
  if (result.success) return pass;
  const [first] = result.error.issues;
  return fail(`${first?.path.join('.') || 'the value'}: ${first?.message ?? 'is wrong'}`);
}
