// One more prompt at the end of a suite's text, written the way people write them; all other lines stay byte for byte.
import { isMap, isSeq, parseDocument, stringify } from 'yaml';
import type { SuiteFormat } from './read-suite.ts';

export interface NewPrompt {
  readonly id: string;
  /** A question with the template, or a text to continue. */
  readonly kind: 'user' | 'text';
  readonly text: string;
  readonly domain: string;
  /** Separated by commas; empty for no such check. */
  readonly contains: string;
  readonly excludes: string;
  readonly regex: string;
  readonly json: boolean;
  readonly ends: boolean;
}

export type Added =
  | { readonly kind: 'added'; readonly text: string }
  | { readonly kind: 'refused'; readonly problem: string };

export function addPrompt(text: string, format: SuiteFormat, prompt: NewPrompt): Added {
  const value = valueOf(prompt);
  if (format === 'jsonl') return { kind: 'added', text: `${withBreak(text)}${JSON.stringify(value)}\n` };
  const document = parseDocument(text);
  const list = isMap(document.contents) ? document.get('prompts', true) : null;
  if (document.errors.length > 0 || !isSeq(list) || !list.range) {
    return { kind: 'refused', problem: 'The text has no list of prompts to add to; mend it first' };
  }
  if (list.flow)
    return {
      kind: 'refused',
      problem: 'The prompts stand in one line [ … ]; write them as a list with - first',
    };
  const [from, end] = list.range;
  const indent = ' '.repeat(from - (text.lastIndexOf('\n', from - 1) + 1));
  const lines = stringify([value], { lineWidth: 0 }).trimEnd().split('\n');
  const written = lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n');
  return { kind: 'added', text: `${withBreak(text.slice(0, end))}${written}\n${text.slice(end)}` };
}

const withBreak = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

function valueOf(prompt: NewPrompt): Readonly<Record<string, unknown>> {
  const texts = (list: string): readonly string[] =>
    list
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
  const words = (name: string, list: string): readonly unknown[] => {
    const all = texts(list);
    return all.length === 0 ? [] : [{ [name]: all.length === 1 ? all[0] : all }];
  };
  const checks = [
    ...words('contains', prompt.contains),
    ...words('excludes', prompt.excludes),
    ...(prompt.regex === '' ? [] : [{ regex: prompt.regex }]),
    ...(prompt.json ? ['json'] : []),
    ...(prompt.ends ? ['ends'] : []),
  ];
  return {
    id: prompt.id,
    ...(prompt.domain.trim() === '' ? {} : { domain: prompt.domain.trim() }),
    [prompt.kind]: prompt.text,
    ...(checks.length === 0 ? {} : { checks }),
  };
}
