// What checks need from the computer: a limit of time for patterns, and the language of a text.
import { createContext, Script } from 'node:vm';
import type { CheckTools } from '../../lib/suites/judge.ts';

/**
 * A pattern that needs longer on an answer of some pages goes back and forth without end. The engine ends it from outside, because
 * no other way stops a match once it has begun.
 */
const PATTERN_LIMIT_MS = 100;
/** A busy computer may stop this process for as long: then the pattern had no time of the processor, and is tried again. */
const PATTERN_TRIES = 4;
/**
 * Letters from which on the language of a text is told. Of pieces of our documents in seven languages, eld's medium set names
 * 82 % of those of 15 characters right, 97 % of 30, 99 % of 60 and all of 150.
 */
const MIN_LETTERS = 20;
/** Enough to tell; the rest of a long answer costs time only. */
const LANGUAGE_CHARACTERS = 2000;

/** Tools for one reading: a pattern that was too slow once is not tried on the next answer. */
export async function createCheckTools(): Promise<CheckTools> {
  // 2 MB of n-grams: loaded by those who judge answers only.
  const { eld } = await import('eld/medium');
  const state: { work: () => unknown } = { work: () => null };
  const context = createContext({ run: () => state.work() });
  const script = new Script('run()');
  const slow = new Set<string>();
  return {
    limited<T>(key: string, work: () => T): T | null {
      if (slow.has(key)) return null;
      const result: { value: T | null } = { value: null };
      state.work = () => {
        result.value = work();
        return null;
      };
      for (let left = PATTERN_TRIES; left > 0; left -= 1) {
        const before = process.cpuUsage();
        try {
          script.runInContext(context, { timeout: PATTERN_LIMIT_MS });
          return result.value;
        } catch (error) {
          if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
          if (process.cpuUsage(before).user > (PATTERN_LIMIT_MS * 1000) / 2) break;
        }
      }
      slow.add(key);
      return null;
    },
    languageOf(text) {
      const piece = text.slice(0, LANGUAGE_CHARACTERS);
      if ((piece.match(/\p{L}/gu)?.length ?? 0) < MIN_LETTERS) return null;
      const { language } = eld.detect(piece);
      return language === '' ? null : language;
    },
  };
}
