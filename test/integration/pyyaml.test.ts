// Asks real PyYAML: the committed table of scalars, whole documents, and everything that our edits write.
// Skips with the reason where python3 with yaml is not installed.
import { spawnSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../core/lib/config/document.ts';
import { applyEdits, setValue } from '../../core/lib/config/edit.ts';
import type { EditValue } from '../../core/lib/config/format-scalar.ts';
import type { ConfigNode } from '../../core/lib/config/types.ts';

/** Reads a JSON list of texts, answers with a list of {value} or {error}; types are kept apart as [type, text]. */
const SCRIPT = `
import sys, json, datetime, yaml
def plain(value):
    if isinstance(value, dict): return ['map', [[str(k), plain(v)] for k, v in value.items()]]
    if isinstance(value, list): return ['list', [plain(v) for v in value]]
    if isinstance(value, bool): return ['bool', str(value).lower()]
    if value is None: return ['null', '']
    if isinstance(value, int): return ['int', str(value)]
    if isinstance(value, float): return ['float', repr(value)]
    if isinstance(value, datetime.date): return ['timestamp', '']
    return ['str', value]
out = []
for text in json.load(sys.stdin):
    try: out.append({'value': plain(yaml.safe_load(text))})
    except Exception as error: out.append({'error': type(error).__name__})
json.dump({'version': yaml.__version__, 'answers': out}, sys.stdout)
`;

type Answer = { readonly value: unknown } | { readonly error: string };

function ask(texts: readonly string[]): { readonly version: string; readonly answers: readonly Answer[] } {
  const result = spawnSync('python3', ['-c', SCRIPT], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as { version: string; answers: Answer[] };
}

const probe = spawnSync('python3', ['-c', 'import yaml; print(yaml.__version__)'], { encoding: 'utf8' });
const missing = probe.status === 0 ? null : 'python3 with the yaml package is not installed';

/** Python's repr of a float and JavaScript's text differ; both are compared as numbers. */
function plain(node: ConfigNode | null): unknown {
  if (node === null) return ['null', ''];
  if (node.kind === 'list') return ['list', node.items.map(plain)];
  if (node.kind === 'map') return ['map', node.entries.map((entry) => [entry.key, plain(entry.value)])];
  if (node.type === 'null' || node.type === 'timestamp') return [node.type, ''];
  return [node.type, String(node.value)];
}

function asNumbers(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const [type, text] = value as unknown[];
  if (type === 'float' && typeof text === 'string') {
    return ['float', String({ inf: Infinity, '-inf': -Infinity, nan: Number.NaN }[text] ?? Number(text))];
  }
  return value.map(asNumbers);
}

const byKey = (left: readonly unknown[], right: readonly unknown[]) =>
  String(left[0]).localeCompare(String(right[0]));

const sortKeys = (value: unknown): unknown => {
  if (!Array.isArray(value)) return value;
  if (value[0] !== 'map') return value.map(sortKeys);
  return [
    'map',
    (value[1] as [string, unknown][]).map(([key, item]) => [key, sortKeys(item)]).toSorted(byKey),
  ];
};

/** Half-written files asked about; 400 take about three seconds, most of it in Python. */
const MUTATIONS = 400;

const differences = (before: string, after: string) => {
  const old = new Set(before.split('\n'));
  return after
    .split('\n')
    .filter((line) => !old.has(line))
    .join('\n');
};

const TEMPLATES = new URL('../../resources/templates/', import.meta.url);

const DOCUMENTS = [
  ...readdirSync(TEMPLATES)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(new URL(name, TEMPLATES), 'utf8')),
  'a: &x {p: 1, q: [on, 1e-8]}\nb: *x\nc:\n  <<: *x\n  p: 2\n',
  'a:\n- b: 1\n  c: |\n    text\n    more\n- >-\n  folded\n  text\n',
  "a: \"esc \\u00e8 \\x41 \\t\"\nb: 'it''s'\nc: plain text # comment\n",
  'a: [1, 2.0, "x", ]\nb: {c: , d: 5}\n',
  'a: first\n  second\nb: 1\n',
  'a: 1\na: 2\n',
  '- 1\n- - 2\n  - 3\n',
  'a: !!str 5\nn: ! 12\ne: !\nq: ! "12"\nb: !!float 3\nc: !!float 1e3\n',
  '? a\n: b\n',
  'a:\n  b:\n  - c\n  d: ~\n',
  '"quoted key": 1\n\'other\': 2\n',
  '# nothing\n',
];

const REFUSED = [
  'a:\tb\n',
  'a: b\tc\n',
  'a: 1\t\n',
  'a: 1\n---\nb: 2\n',
  'a: @x\n',
  'a: !foo x\n',
  'a: =\n',
  'a: *none\n',
  'a: b: c\n',
  'save: false\n  other: false\n',
  'a: "x\n',
  'a: [1, 2\n',
  '{a: 1}: 2\n',
  ': x\n',
  '!foo a: 1\n',
  'a: \u0007\n',
  'a:\n  b: 1\n c: 2\n',
];

describe.skipIf(missing !== null)(`PyYAML${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  it('agrees with the committed table of scalars', () => {
    const cases = JSON.parse(
      readFileSync(new URL('../fixtures/pyyaml/scalars.json', import.meta.url), 'utf8'),
    ) as { source: string }[];
    const { answers } = ask(cases.map((entry) => `a: ${entry.source}\n`));
    for (const [index, entry] of cases.entries()) {
      const ours = plain(parseConfig(`a: ${entry.source}\n`).root);
      expect(ours, entry.source).toEqual(asNumbers((answers[index] as { value: unknown }).value));
    }
  });

  it('reads whole documents alike', () => {
    const { answers } = ask(DOCUMENTS);
    for (const [index, text] of DOCUMENTS.entries()) {
      const theirs = answers[index] as { value: unknown };
      expect(sortKeys(plain(parseConfig(text).root)), text).toEqual(sortKeys(asNumbers(theirs.value)));
    }
  });

  it('has a problem for everything PyYAML refuses', () => {
    const { answers } = ask(REFUSED);
    for (const [index, text] of REFUSED.entries()) {
      expect(answers[index], text).toHaveProperty('error');
      expect(
        parseConfig(text).problems.some((problem) => problem.severity === 'error'),
        text,
      ).toBe(true);
    }
  });

  it('reads every scalar that an edit writes back as the same value and type', () => {
    const scalar = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 15 }),
      fc.string({ unit: 'binary-ascii', maxLength: 15 }),
      fc.double({ noNaN: true }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom(
        'on',
        '1e-8',
        '12:30:00',
        '- x',
        'a: b',
        '#x',
        '\u2028',
        '\u0085x',
        '?',
        'a?b',
        '=',
        '<<',
        '&a',
        '{',
        '0o17',
        '08',
      ),
    );
    const before =
      'plain: word # why\nsingle: \'x\'\ndouble: "x"\nfloat: 0.003\nexponent: 3.0e-03\nflow: [a, {k: v}]\nlist:\n- a\n';
    const paths = [
      ['plain'],
      ['single'],
      ['double'],
      ['float'],
      ['exponent'],
      ['flow', 0],
      ['flow', 1, 'k'],
      ['list', 0],
    ] as const;
    const samples = fc.sample(fc.tuple(fc.constantFrom(...paths), scalar), { numRuns: 3000, seed: 7 });
    const texts = samples.map(([path, value]) => {
      const result = setValue(before, path, value as EditValue);
      if ('error' in result) throw new Error(result.error);
      return applyEdits(before, result.edits);
    });
    const { answers } = ask(texts);
    for (const [index, text] of texts.entries()) {
      const theirs = answers[index];
      if (theirs === undefined || 'error' in theirs)
        throw new Error(`PyYAML refuses ${JSON.stringify(text)}`);
      expect(plain(parseConfig(text).root), text).toEqual(asNumbers(theirs.value));
    }
  });

  it('agrees on half-written files: what we read without a problem, PyYAML reads alike', () => {
    const whole = `${DOCUMENTS.find((text) => text.includes('data_stages')) ?? ''}extra: {a: [1, "x"], b: 'y'}\n`;
    const piece = fc.constantFrom(
      ' ',
      '  ',
      '\n',
      ':',
      ': ',
      '- ',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
      ',',
      '#',
      ' #',
      'x',
      '1',
      '&a ',
      '*a',
      '!',
      '|',
      '\t',
      '',
    );
    const mutation = fc.tuple(fc.nat(whole.length), fc.nat(3), piece);
    const texts = fc
      .sample(fc.array(mutation, { minLength: 1, maxLength: 3 }), { numRuns: MUTATIONS, seed: 12 })
      .map((changes) =>
        changes.reduce((text, [at, gone, put]) => text.slice(0, at) + put + text.slice(at + gone), whole),
      );
    const { answers } = ask(texts);
    const wrong: string[] = [];
    let clean = 0;
    for (const [index, text] of texts.entries()) {
      const ours = parseConfig(text);
      if (ours.problems.some((problem) => problem.severity === 'error')) continue;
      clean += 1;
      const theirs = answers[index];
      const same =
        theirs !== undefined &&
        'value' in theirs &&
        isDeepStrictEqual(sortKeys(plain(ours.root)), sortKeys(asNumbers(theirs.value)));
      if (!same) wrong.push(`${JSON.stringify(theirs).slice(0, 120)}\n${differences(whole, text)}`);
    }
    expect(clean).toBeGreaterThan(MUTATIONS / 10);
    expect(wrong).toEqual([]);
  });
});

if (missing !== null) it.skip(`PyYAML checks: ${missing}`, () => {});
