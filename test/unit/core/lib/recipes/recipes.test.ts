// Recipes: the form of recipe.yaml, parameter checks, and argument vectors that no value can break out of.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildCommand, checkParameters, splitWords } from '../../../../../core/lib/recipes/command-line.ts';
import { readRecipe, type RecipeFile } from '../../../../../core/lib/recipes/recipe-file.ts';

const head = `
id: train-head
title: Train
description: d
command: ['{node}', '{app}/t.js', --data, '{data}', --out, '{run}/x', { when: verbose, arguments: [-v, '{epochs}'] }]
parameters:
  - { name: data, label: Data, kind: file, default: a.jsonl, description: d }
  - { name: epochs, label: Epochs, kind: int, default: 4, min: 1, max: 9, description: d }
  - { name: verbose, label: Verbose, kind: bool, default: false, description: d }
`;

function recipeOf(text: string): RecipeFile {
  const reading = readRecipe(text);
  if (reading.kind === 'bad') throw new Error(reading.message);
  return reading.recipe;
}

const places = {
  run: '/w/runs/r',
  workspace: '/w',
  programs: '/w/runs/r/programs',
  app: '/app',
  node: 'node',
  fileOf: (path: string) => `/w/${path}`,
};

describe('readRecipe', () => {
  it('reads every shipped recipe and the example of the README', () => {
    const folder = join(import.meta.dirname, '../../../../../resources/recipes');
    expect(recipeOf(readFileSync(join(folder, 'command/recipe.yaml'), 'utf8')).id).toBe('command');
    expect(recipeOf(readFileSync(join(folder, 'train-head/recipe.yaml'), 'utf8')).id).toBe('train-head');
    const example = /```yaml\n([\s\S]*?)```/.exec(readFileSync(join(folder, 'README.md'), 'utf8'))?.[1] ?? '';
    expect(recipeOf(example).parameters).toHaveLength(3);
  });

  it.each([
    ['id: [', /line \d/],
    ['', /expected object|is not/i],
    [head.replace('command:', 'comand:'), /command|comand/],
    [head.replace('{data}', '{dta}'), /`dta` is used but is no parameter/],
  ])('says what is wrong with %#', (text, message) => {
    const reading = readRecipe(text);
    expect(reading.kind === 'bad' && reading.message).toMatch(message);
  });
});

describe('buildCommand', () => {
  it('fills parameters, places and conditions', () => {
    const recipe = recipeOf(head);
    const values = checkParameters(recipe, { verbose: true, epochs: '3' });
    expect(buildCommand(recipe, values, places)).toEqual([
      'node',
      '/app/t.js',
      '--data',
      '/w/a.jsonl',
      '--out',
      '/w/runs/r/x',
      '-v',
      '3',
    ]);
  });

  it('keeps a hostile value one argument and does not fill it twice', () => {
    const recipe = recipeOf(head);
    const data = 'a; rm -rf "$HOME" {run} `id`';
    expect(buildCommand(recipe, checkParameters(recipe, { data }), places)[3]).toBe(`/w/${data}`);
  });

  it.each([
    [{ epochs: 0 }, /least value is 1/],
    [{ epochs: 2.5 }, /whole/],
    [{ epochs: 'many' }, /number/],
    [{ verbose: 'perhaps' }, /true or false/],
    [{ other: 1 }, /Leave it out/],
  ])('refuses %j', (values, text) => {
    const check = () => checkParameters(recipeOf(head), values as Record<string, string | number>);
    expect(check).toThrowError(expect.objectContaining({ code: 'INVALID_INPUT' }));
    try {
      check();
    } catch (error) {
      const { message, data } = error as { message: string; data: { hint: string } };
      expect(`${message} ${data.hint}`).toMatch(text);
    }
  });
});

describe('splitWords', () => {
  it.each([
    ['python3 train.py', ['python3', 'train.py']],
    [`a 'b c' "d \\"e" f\\ g ''`, ['a', 'b c', 'd "e', 'f g', '']],
    ['echo $HOME *.txt | cat > x', ['echo', '$HOME', '*.txt', '|', 'cat', '>', 'x']],
    ['   ', []],
  ])('splits %j', (text, words) => expect(splitWords(text)).toEqual(words));

  it('refuses an open quote', () => expect(() => splitWords('a "b')).toThrowError(/open "/));
});
