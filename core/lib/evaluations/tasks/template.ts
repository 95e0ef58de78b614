// Jinja templates of tasks, rendered as lm-eval renders them: nothing is trimmed, a column that is missing is an error. Pure.
import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import type { JsonObject } from '../reading/json-values.ts';
import { pythonLiteral } from './python-literal.ts';
import { TemplateFault } from './task.ts';

export interface TaskTemplate {
  readonly source: string;
  /** Names it takes from the row. */
  readonly columns: readonly string[];
  text(row: JsonObject): string;
  /** A list where the template makes one, else what it prints. */
  value(row: JsonObject): unknown;
}

/** A row has some columns and a few choices: a range beyond this is no prompt. */
const MAX_RANGE = 1000;
const INDEX = 'nesso_index_of';
const GLOBALS = new Set([
  'true',
  'false',
  'none',
  'True',
  'False',
  'None',
  'range',
  INDEX,
  'loop',
  'namespace',
  'dict',
]);

type Node = { type?: unknown; [key: string]: unknown };

/** Throws TemplateFault for what is no template. */
export function taskTemplate(source: string): TaskTemplate {
  const program = parsed(source);
  const columns = columnsOf(program);
  // A template that is one expression can say what it stands for; JSON keeps lists and numbers apart from texts.
  const alone = /^\s*\{\{-?([\s\S]*?)-?\}\}\s*$/.exec(source)?.[1];
  const asJson = alone === undefined || alone.includes('}}') ? null : parsed(`{{ (${alone}) | tojson }}`);
  const run = (tree: ReturnType<typeof parse>, row: JsonObject): string => {
    const missing = columns.find((name) => !(name in row));
    if (missing !== undefined) throw new TemplateFault(`There is no column ${missing}`);
    try {
      const { value } = new Interpreter(environment(row, columns)).run(tree);
      return typeof value === 'string' ? value : '';
    } catch (error) {
      throw new TemplateFault(error instanceof Error ? error.message : String(error));
    }
  };
  return {
    source,
    columns,
    text: (row) => run(program, row),
    value(row) {
      if (asJson !== null) return JSON.parse(run(asJson, row)) as unknown;
      const text = run(program, row);
      return pythonLiteral(text) ?? text;
    },
  };
}

function parsed(source: string): ReturnType<typeof parse> {
  try {
    // The parser takes the last line's end away; lm-eval keeps it.
    const tree = parse(tokenize(source.endsWith('\n') ? `${source}\n` : source));
    rewriteIndexCalls(tree as unknown as Node);
    return tree;
  } catch (error) {
    throw new TemplateFault(error instanceof Error ? error.message : String(error));
  }
}

function environment(row: JsonObject, columns: readonly string[]): Environment {
  const made = new Environment();
  for (const [name, value] of [
    ['true', true],
    ['false', false],
    ['none', null],
    ['True', true],
    ['False', false],
    ['None', null],
    ['range', boundedRange],
    [INDEX, indexOf],
  ] as const)
    made.set(name, value);
  for (const name of columns) made.set(name, row[name]);
  return made;
}

function boundedRange(first: number, last?: number, step = 1): number[] {
  const [from, to] = last === undefined || last === null ? [0, first] : [first, last];
  const count = Math.ceil((to - from) / (typeof step === 'number' ? step : 1));
  if (!(count <= MAX_RANGE)) throw new Error(`A range of ${count} is too long`);
  return Array.from(
    { length: Math.max(0, count) },
    (_, index) => from + index * (typeof step === 'number' ? step : 1),
  );
}

/** Python's list.index and str.index, which tasks use to find the right choice. */
function indexOf(list: unknown, wanted: unknown): number {
  const found = Array.isArray(list)
    ? list.findIndex((one: unknown) => (one as { value?: unknown } | null)?.value === wanted)
    : String(list).indexOf(String(wanted));
  if (found === -1) throw new Error(`${JSON.stringify(wanted)} is not in the list`);
  return found;
}

/** `list.index(x)`, which this engine does not know, as a call of a function that is given it. */
function rewriteIndexCalls(node: unknown): void {
  if (Array.isArray(node)) for (const one of node) rewriteIndexCalls(one);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  const own = node as Node;
  const callee = own['callee'] as Node | undefined;
  const property = callee?.['property'] as Node | undefined;
  if (
    own.type === 'CallExpression' &&
    callee?.type === 'MemberExpression' &&
    property?.['value'] === 'index' &&
    callee['computed'] !== true
  ) {
    own['args'] = [callee['object'], ...(own['args'] as readonly unknown[])];
    own['callee'] = { ...property, value: INDEX, ...('type' in property ? { type: property.type } : {}) };
  }
  for (const value of Object.values(own)) rewriteIndexCalls(value);
}

function columnsOf(program: unknown): readonly string[] {
  const used = new Set<string>();
  const own = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) walk(one);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const { type, ...parts } = node as Node;
    if (type === 'Identifier') {
      used.add(String(parts['value']));
      return;
    }
    if (type === 'Set') collect(parts['assignee'], own);
    if (type === 'For') collect(parts['loopvar'], own);
    for (const [key, value] of Object.entries(parts)) {
      if (key === 'property' && parts['computed'] !== true) continue;
      if (type === 'FilterExpression' && key === 'filter') {
        // Its arguments may be columns, its name is none.
        if ((value as Node).type === 'CallExpression') walk((value as Node)['args']);
        continue;
      }
      if (type === 'TestExpression' && key === 'test') continue;
      if (type === 'KeywordArgumentExpression' && key === 'key') continue;
      walk(value);
    }
  };
  walk(program);
  return [...used].filter((name) => !own.has(name) && !GLOBALS.has(name));
}

function collect(node: unknown, into: Set<string>): void {
  const { type, ...parts } = (node ?? {}) as Node;
  if (type === 'Identifier') into.add(String(parts['value']));
  for (const value of Object.values(parts))
    for (const one of Array.isArray(value) ? value : []) collect(one, into);
}
