import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../../core/lib/config/document.ts';
import {
  applyEdits,
  type EditResult,
  insertListItem,
  removeKey,
  setValue,
} from '../../../../../core/lib/config/edit.ts';
import type { EditValue } from '../../../../../core/lib/config/format-scalar.ts';
import { nodeAt, parseKeyPath } from '../../../../../core/lib/config/lookup.ts';
import type { ConfigNode, KeyPath } from '../../../../../core/lib/config/types.ts';

const SAMPLE = `# a run
general:
  project: zagreus # the name
  run: 'v2'   # quoted
  title: "two words"
  seed: 1_000

checkpoints:
  interval: 5000
  resume: null  # nothing yet
  empty:
  tilde: ~
optimizer:
  rate: 3.0e-03
  floor: 0.003
  eps: 1e-8
  fused: True
  shuffle: no
  betas: [0.9, 0.95] # flow
  factory: {name: adamW, eps: 1.0e-08}
stages:
# the first
- name: stable phase
  data:
    seed: 8
    folders:
    - /a # Italian
    - /b
- name: decay
  note: |
    two
    lines
`;

const pathOf = (text: string): KeyPath => parseKeyPath(text) ?? [];

function edited(text: string, result: EditResult): string {
  if ('error' in result) throw new Error(result.error);
  return applyEdits(text, result.edits);
}

const set = (path: string, value: EditValue, text = SAMPLE) =>
  edited(text, setValue(text, pathOf(path), value));

/** The lines of `after` that differ from the line at the same place before. */
function changedLines(before: string, after: string): readonly string[] {
  const old = before.split('\n');
  return after.split('\n').filter((line, index) => line !== old[index]);
}

function plain(node: ConfigNode | undefined): unknown {
  if (node === undefined) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, plain(entry.value)]));
}

const valueAt = (text: string, path: KeyPath) => plain(nodeAt(parseConfig(text).root, path));

describe('setValue keeps the style of what stood there', () => {
  it.each([
    ['general.project', 'nesso', '  project: nesso # the name'],
    ['general.project', 'on', "  project: 'on' # the name"],
    ['general.project', '123', "  project: '123' # the name"],
    ['general.run', "it's", "  run: 'it''s'   # quoted"],
    ['general.title', 'say "x"', '  title: "say \\"x\\""'],
    ['general.seed', 2000000, '  seed: 2_000_000'],
    ['checkpoints.interval', 250, '  interval: 250'],
    ['checkpoints.resume', '/runs/a', '  resume: /runs/a  # nothing yet'],
    ['checkpoints.empty', 5, '  empty: 5'],
    ['optimizer.rate', 0.0001, '  rate: 1.0e-04'],
    ['optimizer.rate', 0.00025, '  rate: 2.5e-04'],
    ['optimizer.floor', 0.0005, '  floor: 0.0005'],
    ['optimizer.floor', 1e-8, '  floor: 1.0e-08'],
    ['optimizer.floor', 3, '  floor: 3.0'],
    ['optimizer.eps', 1e-8, '  eps: 1.0e-08'],
    ['optimizer.eps', -0, '  eps: -0.0e+00'],
    ['optimizer.fused', false, '  fused: False'],
    ['optimizer.shuffle', true, '  shuffle: yes'],
    ['optimizer.betas[1]', 0.98, '  betas: [0.9, 0.98] # flow'],
    ['optimizer.betas', [0.9, 0.95, 0.99], '  betas: [0.9, 0.95, 0.99] # flow'],
    ['optimizer.factory.name', 'sgd, plain', "  factory: {name: 'sgd, plain', eps: 1.0e-08}"],
    ['stages[0].data.seed', 9, '    seed: 9'],
    ['stages.0.data.folders[0]', '/c', '    - /c # Italian'],
  ] as const)('%s = %j', (path, value, line) => {
    const after = set(path, value as EditValue);
    expect(changedLines(SAMPLE, after)).toEqual([line]);
    expect(valueAt(after, pathOf(path))).toEqual(value);
  });

  it('makes no edit when the value is already there', () => {
    expect(setValue(SAMPLE, pathOf('optimizer.floor'), 0.003)).toEqual({ edits: [] });
    expect(setValue(SAMPLE, pathOf('general.run'), 'v2')).toEqual({ edits: [] });
  });

  it('keeps a block text a block text', () => {
    expect(set('stages[1].note', 'one\ntwo\nthree\n')).toContain('  note: |\n    one\n    two\n    three\n');
    expect(valueAt(set('stages[1].note', 'short'), pathOf('stages[1].note'))).toBe('short');
  });

  it('writes a float where the schema says so', () => {
    const result = setValue('a: 1\n', ['a'], 2, { asFloat: true });
    expect(edited('a: 1\n', result)).toBe('a: 2.0\n');
  });

  it('keeps CRLF', () => {
    const text = SAMPLE.replaceAll('\n', '\r\n');
    const after = set('checkpoints.fresh.deep', 1, text);
    expect(after.replaceAll('\r\n', '').includes('\n')).toBe(false);
    expect(valueAt(after, pathOf('checkpoints.fresh.deep'))).toBe(1);
  });
});

describe('setValue creates what is missing', () => {
  it.each([
    ['checkpoints.fresh', true, '  tilde: ~\n  fresh: true\noptimizer:'],
    ['general.deep.er', 1, '  seed: 1_000\n  deep:\n    er: 1\n\ncheckpoints:'],
    ['checkpoints.empty.key', 'x', '  empty:\n    key: x\n  tilde'],
    ['checkpoints.resume.key', 'x', '  resume:  # nothing yet\n    key: x\n'],
    ['optimizer.factory.beta', 0.9, '{name: adamW, eps: 1.0e-08, beta: 0.9}'],
    ['optimizer.betas[2]', 0.99, '[0.9, 0.95, 0.99] # flow'],
    ['stages[0].data.folders[2]', '/c', '    - /b\n    - /c\n- name: decay'],
    ['stages[2]', { name: 'end', data: { seed: 1 } }, '    lines\n- name: end\n  data:\n    seed: 1\n'],
    ['stages[0].data.weights', [1, 2.5], '    - /b\n    weights:\n    - 1\n    - 2.5\n- name: decay'],
    ['tokens.train_steps', 10, '    lines\ntokens:\n  train_steps: 10\n'],
  ] as const)('%s', (path, value, expected) => {
    const after = set(path, value as EditValue);
    expect(after).toContain(expected);
    expect(valueAt(after, pathOf(path))).toEqual(value);
    const kept = after.split('\n');
    const missing = SAMPLE.split('\n').filter((line) => !kept.includes(line));
    expect(missing.length).toBeLessThanOrEqual(1);
  });

  it('starts an empty file, and one without a final line break', () => {
    expect(set('a.b', 1, '')).toBe('a:\n  b: 1\n');
    expect(set('c', 2, 'a: 1')).toBe('a: 1\nc: 2');
    expect(set('a.b', 1, '# only a comment\n')).toBe('# only a comment\na:\n  b: 1\n');
  });

  it('says why it cannot', () => {
    expect(setValue(SAMPLE, pathOf('general.project.x'), 1)).toEqual({
      error: 'general.project is a value, not a section',
    });
    expect(setValue(SAMPLE, pathOf('stages[7]'), 1)).toMatchObject({
      error: expect.stringContaining('next position is 2'),
    });
    expect(setValue(SAMPLE, [], 1)).toHaveProperty('error');
    expect(setValue('a: &x {b: 1}\nc: *x\n', ['c', 'b'], 2)).toMatchObject({
      error: expect.stringContaining('alias'),
    });
  });

  it('overrides a merged key with one of its own, and replaces an alias by a value', () => {
    const text = 'base: &b\n  x: 1\nrun:\n  <<: *b\n  y: 2\nz: *b\n';
    const after = set('run.x', 5, text);
    expect(after).toContain('  y: 2\n  x: 5\n');
    expect(valueAt(after, ['base', 'x'])).toBe(1);
    expect(set('z', 3, text)).toContain('z: 3\n');
  });
});

describe('editing a file with a syntax error', () => {
  const broken = 'general:\n  project: a\n  seed: 1\ntokens:\n  steps "x\n  size: 4\n';

  it('changes a value it can prove', () => {
    expect(set('general.seed', 2, broken)).toBe(broken.replace('seed: 1', 'seed: 2'));
  });

  it('refuses what it cannot prove', () => {
    expect(setValue('a:\n  p: "x\n  b: 1\n', ['a', 'b'], 2)).toMatchObject({
      error: expect.stringContaining('syntax error'),
    });
  });
});

describe('removeKey and insertListItem', () => {
  it.each([
    'general.run',
    'optimizer.betas[0]',
    'optimizer.factory.name',
    'stages[0]',
    'stages[0].name',
    'stages[1].note',
    'stages[0].data.folders[1]',
    'checkpoints',
  ])('removes %s', (path) => {
    const steps = pathOf(path);
    const before = valueAt(SAMPLE, steps.slice(0, -1)) as Record<string, unknown>;
    const after = edited(SAMPLE, removeKey(SAMPLE, steps));
    const parent = valueAt(after, steps.slice(0, -1));
    const last = steps.at(-1);
    if (Array.isArray(before)) expect(parent).toEqual(before.filter((_, index) => index !== last));
    else {
      const { [String(last)]: _gone, ...rest } = before;
      expect(parent).toEqual(rest);
    }
    expect(parseConfig(after).problems).toEqual([]);
  });

  it('leaves an empty parent as {} or []', () => {
    expect(edited('a:\n  b: 1\nc: 2\n', removeKey('a:\n  b: 1\nc: 2\n', ['a', 'b']))).toBe('a: {}\nc: 2\n');
    expect(edited('a:\n- 1\nc: 2\n', removeKey('a:\n- 1\nc: 2\n', ['a', 0]))).toBe('a: []\nc: 2\n');
    expect(edited('a: {}\n', setValue('a: {}\n', ['a', 'b'], 1))).toBe('a: {b: 1}\n');
  });

  it.each([0, 1, 2])('inserts a stage at %i', (index) => {
    const after = edited(
      SAMPLE,
      insertListItem(SAMPLE, ['stages'], index, { name: 'new', data: { seed: 3 } }),
    );
    const stages = valueAt(after, ['stages']) as unknown[];
    expect(stages).toHaveLength(3);
    expect(stages[index]).toEqual({ name: 'new', data: { seed: 3 } });
    for (const line of SAMPLE.split('\n')) expect(after.split('\n')).toContain(line);
  });

  it('creates the list when there is none', () => {
    expect(edited(SAMPLE, insertListItem(SAMPLE, ['checkpoints', 'empty'], 0, 'x'))).toContain(
      '  empty: [x]\n',
    );
    expect(removeKey(SAMPLE, ['nope'])).toEqual({ error: 'nope is not in the file' });
  });
});

const scalar = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    'on',
    'null',
    '~',
    '1e-8',
    '12:30',
    '- x',
    'a: b',
    '#x',
    'x #y',
    "'",
    '"',
    '\n',
    ' ',
    '\u2028',
    '{a}',
    '...',
    '00123',
  ),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
);

function leaves(node: ConfigNode | null, path: KeyPath = []): readonly KeyPath[] {
  if (node === null) return [];
  if (node.kind === 'scalar') return [path];
  if (node.kind === 'list') return node.items.flatMap((item, index) => leaves(item, [...path, index]));
  return node.entries.flatMap((entry) => leaves(entry.value, [...path, entry.key]));
}

describe('properties', () => {
  const paths = leaves(parseConfig(SAMPLE).root);
  const oneLine = paths.filter((path) => path.at(-1) !== 'note');

  it('set then parse gives the value, and every other line is byte-identical', () => {
    fc.assert(
      fc.property(fc.constantFrom(...oneLine), scalar, (path, value) => {
        const after = edited(SAMPLE, setValue(SAMPLE, path, value));
        const node = nodeAt(parseConfig(after).root, path);
        expect(node?.kind === 'scalar' ? node.value : undefined).toEqual(value);
        expect(changedLines(SAMPLE, after).length).toBeLessThanOrEqual(1);
        expect(after.split('\n')).toHaveLength(SAMPLE.split('\n').length);
      }),
      { numRuns: 1500 },
    );
  });

  it('creates any nested value anywhere a section is', () => {
    const value = fc.letrec<{ any: EditValue }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        scalar as fc.Arbitrary<EditValue>,
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(
          fc.string({ minLength: 1, maxLength: 6 }).filter((key) => key !== '__proto__'),
          tie('any'),
          { maxKeys: 3 },
        ),
      ),
    })).any;
    fc.assert(
      fc.property(
        fc.constantFrom('general', 'checkpoints', 'optimizer.factory', 'stages[0].data', 'stages[1]'),
        value,
        (where, wanted) => {
          const path = [...pathOf(where), 'fresh'];
          const after = edited(SAMPLE, setValue(SAMPLE, path, wanted));
          const parsed = parseConfig(after);
          expect(parsed.problems).toEqual([]);
          expect(plain(nodeAt(parsed.root, path))).toEqual(wanted);
          const rest = edited(after, removeKey(after, path));
          expect(rest).toBe(SAMPLE);
        },
      ),
      { numRuns: 600 },
    );
  });
});
