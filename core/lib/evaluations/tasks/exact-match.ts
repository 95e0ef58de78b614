// exact_match as lm-eval counts it: what is ignored is taken out of answer and target alike. Pure.
import { pythonRegex } from './python-regex.ts';

export interface ExactMatchOptions {
  readonly ignoreCase: boolean;
  readonly ignorePunctuation: boolean;
  readonly ignoreNumbers: boolean;
  readonly regexesToIgnore: readonly string[];
}

export const EXACTLY: ExactMatchOptions = {
  ignoreCase: false,
  ignorePunctuation: false,
  ignoreNumbers: false,
  regexesToIgnore: [],
};

/** Python's string.punctuation. */
const PUNCTUATION = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/g;

/** Throws TemplateFault for a pattern that cannot be used. */
export function exactMatch(options: ExactMatchOptions): (answer: string, target: string) => boolean {
  const ignored = options.regexesToIgnore.map((pattern) => pythonRegex(pattern, 'g'));
  const plain = (text: string): string => {
    let rest = ignored.reduce((before, regex) => before.replace(regex, ''), text);
    if (options.ignoreCase) rest = rest.toLowerCase();
    if (options.ignorePunctuation) rest = rest.replace(PUNCTUATION, '');
    if (options.ignoreNumbers) rest = rest.replace(/[0-9]/g, '');
    return rest;
  };
  return (answer, target) => plain(answer) === plain(target);
}
