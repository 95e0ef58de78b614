// From a recipe and parameter values to an argument vector. No shell is ever involved: one entry, one argument.
import type { ArgumentPart, ArgumentParts } from '../slurm/launch-lines.ts';
import { StudioError } from '../../api/errors.ts';
import type { RecipeParameter } from '../../api/runs.ts';
import type { ParameterValue, ParameterValues } from './parameter-values.ts';
import { type RecipeArgument, type RecipeFile, splitPlaceholders } from './recipe-file.ts';

export type { ParameterValues } from './parameter-values.ts';

export interface Places {
  /** Absolute folders. */
  readonly run: string;
  readonly workspace: string;
  /** Where the recipe's `files` lie. */
  readonly programs: string;
  readonly app: string;
  /** A Node.js executable. */
  readonly node: string;
  /** Absolute path of a `file` parameter's value. */
  readonly fileOf: (path: string) => string;
  /** A `remote-path` as programs take it; absent where a shell of the target expands it. */
  readonly targetPathOf?: (path: string) => string;
}

/** Fills in defaults and checks kinds, ranges and choices. INVALID_INPUT names the parameter and the limit. */
export function checkParameters(recipe: RecipeFile, given: ParameterValues): ParameterValues {
  const known = new Set(recipe.parameters.map((parameter) => parameter.name));
  for (const name of Object.keys(given)) {
    if (!known.has(name)) throw invalid(`${recipe.title} has no parameter “${name}”`, 'Leave it out');
  }
  return Object.fromEntries(
    recipe.parameters.map((parameter) => [
      parameter.name,
      checkValue(parameter, given[parameter.name] ?? parameter.default),
    ]),
  );
}

function checkValue(parameter: RecipeParameter, value: ParameterValue): ParameterValue {
  const { label, kind, min, max, choices = [] } = parameter;
  switch (kind) {
    case 'int':
    case 'float': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number))
        throw invalid(`${label} is not a number`, 'Enter a number');
      if (kind === 'int' && !Number.isInteger(number))
        throw invalid(`${label} is not a whole number`, 'Enter a whole number');
      if (min !== undefined && number < min)
        throw invalid(`${label} is ${number}`, `The least value is ${min}`);
      if (max !== undefined && number > max)
        throw invalid(`${label} is ${number}`, `The greatest value is ${max}`);
      return number;
    }
    case 'bool':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw invalid(`${label} is neither on nor off`, 'Use true or false');
    case 'choice':
      if (choices.includes(String(value))) return String(value);
      throw invalid(`${label} cannot be “${value}”`, `Choose one of ${choices.join(', ')}`);
    case 'text':
    case 'file':
    case 'remote-path':
      if (String(value).includes('\0'))
        throw invalid(`${label} holds a character that no program accepts`, 'Type it again');
      return String(value);
  }
}

/** The whole command line, program first. INVALID_INPUT when nothing is left of it. */
export function buildCommand(recipe: RecipeFile, values: ParameterValues, places: Places): readonly string[] {
  return buildCommandParts(recipe, values, places).map(textOfParts);
}

/** The same, with what a shell on another computer has to expand told apart. */
export function buildCommandParts(
  recipe: RecipeFile,
  values: ParameterValues,
  places: Places,
): readonly ArgumentParts[] {
  const fill = filler(recipe, values, places);
  const expand = (argument: RecipeArgument): readonly ArgumentParts[] => {
    if (typeof argument === 'string') return [fill(argument)];
    if ('words' in argument) {
      return splitWords(String(values[argument.words] ?? '')).map((text) => [{ kind: 'text', text }]);
    }
    const condition = values[argument.when];
    const holds =
      argument.is === undefined
        ? condition !== undefined && condition !== false && condition !== ''
        : condition === argument.is;
    return holds ? argument.arguments.map(fill) : [];
  };
  const command = recipe.command.flatMap(expand);
  if (textOfParts(command[0] ?? []) === '')
    throw invalid('The command is empty', 'Enter a program and its arguments');
  return command;
}

/** A function that fills the placeholders of one text of the recipe. */
export function filler(
  recipe: RecipeFile,
  values: ParameterValues,
  places: Places,
): (text: string) => ArgumentParts {
  const kinds = new Map(recipe.parameters.map((parameter) => [parameter.name, parameter.kind]));
  const valueOf = (name: string): ArgumentPart => {
    if (name === 'run' || name === 'programs') return { kind: 'run', text: places[name] };
    if (name === 'workspace' || name === 'app' || name === 'node')
      return { kind: 'text', text: places[name] };
    const text = String(values[name] ?? '');
    const kind = kinds.get(name);
    if (text !== '' && kind === 'file') return { kind: 'run', text: places.fileOf(text) };
    if (kind !== 'remote-path') return { kind: 'text', text };
    return { kind: 'target', text: places.targetPathOf?.(text) ?? text };
  };
  return (text) =>
    splitPlaceholders(text)
      .map((piece, index): ArgumentPart => (index % 2 === 1 ? valueOf(piece) : { kind: 'text', text: piece }))
      .filter((part) => part.text !== '');
}

export function textOfParts(parts: ArgumentParts): string {
  return parts.map(({ text }) => text).join('');
}

/**
 * Words of a typed command: split at white space, '…' and "…" group, \ escapes one character outside '…'.
 * Variables, globs, pipes and redirections stay plain text. INVALID_INPUT when a quote is left open.
 */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== null) {
      if (character === quote) quote = null;
      else if (quote === '"' && character === '\\' && '"\\'.includes(text.charAt(index + 1) || ' ')) {
        index += 1;
        word = (word ?? '') + text.charAt(index);
      } else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === '\\' && index + 1 < text.length) {
      index += 1;
      word = (word ?? '') + text.charAt(index);
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + character;
  }
  if (quote !== null) throw invalid(`The command has an open ${quote}`, 'Close the quote');
  if (word !== null) words.push(word);
  return words;
}

function invalid(message: string, hint: string): StudioError {
  return new StudioError('INVALID_INPUT', message, { hint });
}
