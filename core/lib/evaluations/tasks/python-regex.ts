// Patterns of Python's re as JavaScript's: classes of all of Unicode, flags in front, groups with names, ends of text. Pure.
import { TemplateFault } from './task.ts';

const WORD = '\\p{L}\\p{N}_';
const EDGE = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
const NO_EDGE = `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`;
/** Outside a class and inside one. */
const CLASSES: Readonly<Record<string, readonly [string, string]>> = {
  w: [`[${WORD}]`, WORD],
  W: [`[^${WORD}]`, ''],
  d: ['\\p{Nd}', '\\p{Nd}'],
  D: ['\\P{Nd}', '\\P{Nd}'],
  s: ['[\\s\\x1c-\\x1f\\x85]', '\\s\\x1c-\\x1f\\x85'],
  S: ['[^\\s\\x1c-\\x1f\\x85]', ''],
};
/** Written alone before a backslash, in JavaScript as in Python. */
const SYNTAX = /[\\^$.*+?()[\]{}|/]/;
const FLAGS: Readonly<Record<string, string>> = { i: 'i', m: 'm', s: 's', a: '', u: '', L: '' };

/** Throws TemplateFault for what has no counterpart. `more`: flags such as `g`. */
export function pythonRegex(pattern: string, more = ''): RegExp {
  const head = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  const flags = new Set(['u', ...more.split('')]);
  for (const flag of (head?.[1] ?? '').split('')) {
    const own = FLAGS[flag];
    if (own === undefined) throw fault(pattern, `flag ${flag}`);
    if (own !== '') flags.add(own);
  }
  const source = translated(pattern.slice(head?.[0].length ?? 0), flags.has('m'), pattern);
  try {
    return new RegExp(source, [...flags].join(''));
  } catch (error) {
    throw fault(pattern, error instanceof Error ? error.message : String(error));
  }
}

const fault = (pattern: string, what: string) =>
  new TemplateFault(`The pattern ${JSON.stringify(pattern.slice(0, 80))} cannot be used here: ${what}`);

function translated(pattern: string, multiline: boolean, whole: string): string {
  let result = '';
  let isClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    if (character === '\\') {
      at += 1;
      result += escaped(pattern[at] ?? '', isClass, whole);
      continue;
    }
    if (isClass) {
      if (character === ']') isClass = false;
      // A bracket within a class is one of its characters in Python.
      result += character === '[' ? '\\[' : character;
      continue;
    }
    if (character === '[') {
      isClass = true;
      result += character;
      if (pattern[at + 1] === '^') {
        result += '^';
        at += 1;
      }
      if (pattern[at + 1] === ']') {
        result += '\\]';
        at += 1;
      }
    } else if (character === '(' && pattern.startsWith('(?', at)) {
      const named = /^\(\?P<(\w+)>/.exec(pattern.slice(at));
      const back = /^\(\?P=(\w+)\)/.exec(pattern.slice(at));
      if (named) result += `(?<${named[1]}>`;
      else if (back) result += `\\k<${back[1]}>`;
      else if (/^\(\?(?:[:=!]|<[=!])/.test(pattern.slice(at))) result += '(';
      else throw fault(whole, pattern.slice(at, at + 4));
      at += (named ?? back)?.[0].length ? (named ?? back ?? [''])[0].length - 1 : 0;
    } else if (character === '$' && !multiline) result += '(?=\\n?$)';
    // No quantifier: a character like others in Python.
    else if (character === '{' && !/^\{\d*,?\d*\}/.test(pattern.slice(at))) result += '\\{';
    else if (character === '}' && !/\{\d*,?\d*$/.test(pattern.slice(0, at))) result += '\\}';
    else if (character === ']') result += '\\]';
    else result += character;
  }
  return result;
}

function escaped(next: string, isClass: boolean, whole: string): string {
  const known = CLASSES[next];
  if (known) {
    const text = known[isClass ? 1 : 0];
    if (text === '') throw fault(whole, `\\${next} inside a class`);
    return text;
  }
  if (next === 'b') return isClass ? '\\x08' : EDGE;
  if (next === 'B') return NO_EDGE;
  if (next === 'A') return '(?<![\\s\\S])';
  if (next === 'Z') return '(?![\\s\\S])';
  if (next === '-') return isClass ? '\\-' : '-';
  if (/[nrtfv0-9xu]/.test(next) || SYNTAX.test(next)) return `\\${next}`;
  if (/[A-Za-z]/.test(next)) throw fault(whole, `\\${next}`);
  return next;
}
