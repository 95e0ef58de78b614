// Keys that stand twice in results files, against a plain reader that keeps every pair; and what the readers say of them.
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readResults } from '../../../../../../core/lib/evaluations/reading/read-results.ts';
import { MAX_REPEATED, repeatedKeys } from '../../../../../../core/lib/evaluations/reading/repeated-keys.ts';

const folder = join(import.meta.dirname, '../../../../../fixtures/evaluations');
const source = { path: 'results_1.json', sha256: null };

test('two tasks, two metrics, two versions and two parts with one name are found, with how often', () => {
  const text = `{"results": {"a": {"acc,none": 0.1, "acc,none": 0.2}, "b": {"acc,none": 1}, "a": {"acc,none": 0.3},
    "\\u0061": {}}, "versions": {"a": 1, "a": 2}, "configs": {"a": {"x": 1, "x": 2}, "a": {}}, "config": {"limit": 1, "limit": 2},
    "versions": {}}`;
  expect(repeatedKeys(text)).toEqual([
    { inside: ['results', 'a'], key: 'acc,none', times: 2 },
    { inside: ['results'], key: 'a', times: 3 },
    { inside: ['versions'], key: 'a', times: 2 },
    { inside: ['configs'], key: 'a', times: 2 },
    { inside: [], key: 'versions', times: 2 },
  ]);
  const { results, problems } = readResults(text, source);
  expect(results.map(({ task, value }) => `${task} ${value}`)).toEqual(['b 1']);
  expect(problems.map(({ where, text: said }) => `${where}: ${said}`)).toEqual([
    'results.a.acc,none: It stands there twice; the last counts',
    'results.a: 3 tasks have this name; the last counts',
    'versions.a: It stands there twice; the last counts',
    'configs.a: It stands there twice; the last counts',
    'versions: It stands there twice; the last counts',
    'results.a: It holds no metric',
  ]);
});

test('values that are texts, quotes and backslashes in them, arrays of objects and what is nested are no keys', () => {
  for (const text of [
    '{"results": {"a": {"alias": "a", "name": "a", "acc,none": 1}}, "n-samples": {"a": {"original": 1, "effective": 1}}}',
    '{"results": {"a\\"b": {}, "a\\\\": {}, "a": {"x": "{\\"a\\": 1, \\"a\\": 2}"}}}',
    '{"configs": {"a": {"metric_list": [{"metric": "acc"}, {"metric": "acc"}], "x": {"y": 1, "y": 2}}}}',
    '{"samples": ["a", "a", {"a": 1, "a": 2}], "results": ["a", "a"]}',
  ])
    expect(repeatedKeys(text), text).toEqual([]);
});

test('files of the harnesses repeat nothing, also cut off anywhere', () => {
  for (const name of ['lm-eval/nesso-tiny/zero-shot', 'lighteval']) {
    const text = readFileSync(join(folder, name, 'results_2026-11-22T12-00-00.json'), 'utf8');
    for (let at = text.length; at > 0; at -= 97) expect(repeatedKeys(text.slice(0, at))).toEqual([]);
  }
});

test('a file of nothing but one key is cut short, and text that is no JSON says nothing', () => {
  const text = `{"results": {${Array.from({ length: 200 }, (_, at) => `"t${at % 100}": {}`).join(', ')}}}`;
  expect(repeatedKeys(text)).toHaveLength(MAX_REPEATED);
  for (const bad of ['', '"', '{', '}}}', ']{"', '{"a', '{"a": 1, "a', '\0\0', '"\\'.repeat(50)])
    expect(repeatedKeys(bad).length, bad).toBeLessThanOrEqual(1);
});

test('any tasks written pair by pair', () => {
  const name = fc.oneof(fc.constantFrom('a', 'b', 'a"', '\\', 'è', ''), fc.string({ maxLength: 4 }));
  fc.assert(
    fc.property(fc.array(name, { maxLength: 12 }), fc.nat(4), (names, indent) => {
      const gap = `\n${' '.repeat(indent)}`;
      const pairs = names.map((key) => `${JSON.stringify(key)}:${gap}{"acc,none": 0.5}`);
      const counts = new Map<string, number>();
      for (const key of names) counts.set(key, (counts.get(key) ?? 0) + 1);
      const wanted = [...counts].flatMap(([key, times]) =>
        times > 1 ? [{ inside: ['results'], key, times }] : [],
      );
      expect(repeatedKeys(`{"results": {${pairs.join(`,${gap}`)}}}`)).toEqual(wanted);
    }),
  );
});
