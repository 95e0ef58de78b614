// What a person looks for in a log, as a regular expression that can be run over many lines at once. Whether it is quick is not
// known here: a pattern of a person may take for ever on a long line, so it is run where it can be stopped.
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';

/** A pasted stack of lines is not looked for; a line of a log is. */
export const MAX_PATTERN = 2000;

export const searchPattern = z.object({
  text: z.string().min(1).max(MAX_PATTERN),
  isRegex: z.boolean().default(false),
  matchesCase: z.boolean().default(false),
  wholeWord: z.boolean().default(false),
});
export type SearchPattern = z.infer<typeof searchPattern>;

export interface CompiledPattern {
  /** With the flags `g` and `m`; only for lines one by one unless `spansLines` is false. */
  readonly expression: RegExp;
  /** It may match from one line into the next when it is given several. */
  readonly spansLines: boolean;
  /** What is looked for letter by letter; null for anything else. */
  readonly literal: string | null;
}

/** Throws INVALID_INPUT for a pattern that is none. */
export function compilePattern(pattern: SearchPattern): CompiledPattern {
  const { text, isRegex, matchesCase, wholeWord } = pattern;
  const source = isRegex ? text : escapeRegex(text);
  const whole = wholeWord ? `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])` : source;
  const flags = `gm${matchesCase ? '' : 'i'}${wholeWord || needsUnicode(source) ? 'u' : ''}`;
  try {
    return {
      expression: new RegExp(whole, flags),
      spansLines: isRegex && maySpanLines(text),
      literal: !isRegex && matchesCase && !wholeWord ? text : null,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /, '') : String(error);
    throw new StudioError('INVALID_INPUT', `This is no regular expression: ${reason}`, {
      hint: 'Correct it, or turn off regular expressions to look for the text as it is',
    });
  }
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`);
}

/** Letters beyond the basic plane, and classes by name, need the flag. */
function needsUnicode(source: string): boolean {
  return /\\p\{|\\u\{|[\ud800-\udfff]/i.test(source);
}

/** Whatever can match an end of line: white space, classes that name what is not in them, signs by their number; or look past one. */
function maySpanLines(source: string): boolean {
  return /\[\^|\\[sWDPnrvftxuc0-9]|[\n\t]|\(\?<?[!=]/.test(source);
}
