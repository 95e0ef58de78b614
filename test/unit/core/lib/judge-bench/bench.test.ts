// The bench against SciPy and scikit-learn (test/fixtures/judge-bench/make.py), and its joins, regimes and averages.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageKey } from '../../../../../core/lib/datasets/language-codes.ts';
import {
  joinSource,
  type PredictionSource,
  requireUnique,
  type TruthDocument,
} from '../../../../../core/lib/judge-bench/bench-input.ts';
import { meansOf, runBench } from '../../../../../core/lib/judge-bench/bench.ts';
import { benchReport } from '../../../../../core/lib/judge-bench/bench-report.ts';
import { resampledSpearman, spearmanInterval } from '../../../../../core/lib/judge-bench/bootstrap.ts';
import { regimeOf } from '../../../../../core/lib/judge-bench/regimes.ts';
import { seededRandom } from '../../../../../core/lib/jql/random.ts';
import { spearman } from '../../../../../core/lib/statistics/spearman.ts';

interface Line {
  readonly id: string;
  readonly language: string;
  readonly score: number | null;
}
type Expected = Readonly<Record<string, number | readonly number[] | readonly (readonly number[])[]>>;
const fixture = JSON.parse(
  readFileSync(
    join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'judge-bench', 'expected.json'),
    'utf8',
  ),
) as {
  readonly truth: readonly (Line & { readonly score: number })[];
  readonly sources: Readonly<Record<string, readonly Line[]>>;
  readonly expected: Readonly<Record<string, Readonly<Record<string, Expected>>>>;
};

const document = (id: string, language: string, score: number): TruthDocument => ({
  id,
  language,
  score,
  ratings: null,
  tokens: null,
});
const truth = fixture.truth.map(({ id, language, score }) => document(id, languageKey(language), score));
const source = (name: string, documents: readonly Line[], rest: Partial<PredictionSource> = {}) => ({
  name,
  documents,
  head: null,
  maxLength: null,
  ...rest,
});
const options = { name: 'people', resamples: 0, seed: 1, pause: async () => undefined };

describe('runBench', () => {
  it('measures what SciPy and scikit-learn measure, for every source and language', async () => {
    // The rows in another order: only ids may join.
    const sources = Object.entries(fixture.sources).map(([name, lines]) => source(name, lines.toReversed()));
    const report = await runBench(truth, sources, { ...options, resamples: 1000 });
    expect(report.languages).toEqual(['bg', 'de', 'sr-cyrl']);
    let compared = 0;
    for (const row of report.rows) {
      for (const [language, expected] of Object.entries(fixture.expected[row.name] ?? {})) {
        const cell = row.cells[report.languages.indexOf(languageKey(language))];
        const { low, high, pValue, ...exact } = expected;
        for (const [name, value] of Object.entries(exact)) {
          const own = cell?.[name as keyof typeof cell];
          if (typeof value === 'number') expect(own, name).toBeCloseTo(value, 10);
          else
            expect((own as readonly unknown[]).flat(), name).toEqual(
              value.flat().map((one) => (name === 'thresholdAgreement' ? expect.closeTo(one, 10) : one)),
            );
          compared += 1;
        }
        expect((cell?.pValue ?? 0) / Number(pValue)).toBeCloseTo(1, 6);
        // Two random draws of 1,000 and 3,000: the ends agree to about a hundredth.
        expect(Math.abs((cell?.low ?? 0) - Number(low))).toBeLessThan(0.03);
        expect(Math.abs((cell?.high ?? 0) - Number(high))).toBeLessThan(0.03);
      }
    }
    expect(compared).toBe(6 * 12);
    expect(benchReport.parse(structuredClone(report))).toEqual(report);
  });

  it('the same seed draws the same intervals, another one others', async () => {
    const sources = [source('head', fixture.sources['head'] ?? [])];
    const low = async (seed: number) =>
      (await runBench(truth, sources, { ...options, resamples: 200, seed })).rows[0]?.cells[0]?.low;
    expect(await low(3)).toBe(await low(3));
    expect(await low(3)).not.toBe(await low(4));
  });

  it('averages are unweighted means over languages, and say over how many', () => {
    const means = meansOf(['bg', 'de', 'xx'], [0.5, 0.7, 0.1]);
    expect(means.avg13).toEqual({ value: expect.closeTo(0.6, 12), languages: 2, wanted: 13 });
    expect(means.avg35).toMatchObject({ languages: 2, wanted: 35 });
    expect(means.all).toEqual({ value: expect.closeTo(1.3 / 3, 12), languages: 3, wanted: 3 });
    expect(meansOf(['bg'], [null]).all).toEqual({ value: null, languages: 0, wanted: 1 });
  });

  it('constant columns and single documents have no correlation, never 0', async () => {
    const few = [
      document('a', 'bg', 1),
      document('b', 'bg', 2),
      document('c', 'bg', 3),
      document('a', 'de', 2),
    ];
    const lines = few.map(({ id, language }) => ({ id, language, score: 3 }));
    const report = await runBench(few, [source('flat', lines)], { ...options, resamples: 50 });
    for (const cell of report.rows[0]?.cells ?? []) {
      expect(cell).toMatchObject({ spearman: null, pValue: null, low: null, high: null });
    }
    expect(report.rows[0]?.cells[0]).toMatchObject({ documents: 3, mae: 1 });
    expect(report.rows[0]?.spearman.all).toEqual({ value: null, languages: 0, wanted: 2 });
  });

  it('stops where it is told to', async () => {
    const controller = new AbortController();
    const running = runBench(truth, [source('head', fixture.sources['head'] ?? [])], {
      ...options,
      signal: controller.signal,
      pause: async () => controller.abort(),
    });
    await expect(running).rejects.toThrow(/abort/i);
  });

  it('groups heads by what they were trained on, and pairs two lengths of one', async () => {
    const head = (trainLanguages: readonly string[], trainDocuments = 10) => ({
      trainLanguages,
      trainDocuments,
      epochs: 3,
    });
    const lines = fixture.sources['head'] ?? [];
    const sources = [
      source('bg only', lines, { head: head(['bg'], 500) }),
      source('cs', lines, { head: head(['cs'], 50) }),
      source('m 512', lines, { maxLength: 512 }),
      source('m 8192', lines, { maxLength: 8192 }),
    ];
    const report = await runBench(truth, sources, options);
    expect(report.regimes.map(({ name, values }) => [name, values.map((value) => value !== null)])).toEqual([
      ['one language', [true, false, false]],
      ['family', [true, false, true]],
      ['family, second order', [false, false, true]],
      ['not of the family', [false, true, false]],
    ]);
    // The heads behind each of these means, by language.
    expect(report.regimes.map(({ rows }) => rows)).toEqual([
      [[0], [], []],
      [[1], [], [1]],
      [[], [], [0]],
      [[], [0, 1], []],
    ]);
    expect(report.crossLanguage.map(({ train }) => train)).toEqual(['bg', 'cs']);
    expect(report.sampleSizes.map(({ samples }) => samples)).toEqual([50, 500]);
    expect(report.lengthPairs).toEqual([{ name: 'm', short: 2, long: 3 }]);
  });
});

describe('resampled Spearman', () => {
  it('is Spearman of the set with its repeats written out', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }), fc.nat({ max: 3 }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 2, maxLength: 30 }), (pairs) => {
        const counts = Uint32Array.from(pairs, ([, , count]) => count);
        const own = resampledSpearman(
          pairs.map(([a]) => a),
          pairs.map(([, b]) => b),
        )(counts);
        const written = pairs.flatMap(([a, b, count]) =>
          Array.from({ length: count }, () => [a, b] as const),
        );
        const { coefficient } = spearman(
          written.map(([a]) => a),
          written.map(([, b]) => b),
        );
        if (Number.isNaN(coefficient)) expect(own).toBeNaN();
        else expect(own).toBeCloseTo(coefficient, 9);
      }),
    );
  });
  it('says nothing where most draws are constant', () => {
    const bootstrap = { resamples: 100, level: 0.95, random: seededRandom(1) };
    expect(spearmanInterval([0, 0, 0, 0, 1], [1, 1, 1, 1, 1], bootstrap)).toBeNull();
    expect(spearmanInterval([0, 1], [0, 1], bootstrap)).toBeNull();
  });
});

describe('joins', () => {
  const people = [document('a', 'bg', 1), document('a', 'de', 2), document('b', 'bg', 3)];
  const lines = (texts: readonly string[]) =>
    texts.map((text) => {
      const [id = '', language = null, score = '0'] = text.split('/');
      return { id, language: language === '-' ? null : language, score: Number(score) };
    });
  it('go by document and language, whatever the codes look like', () => {
    const joined = joinSource(people, source('s', lines(['b/bul_Cyrl/5', 'a/deu/4', 'z/bg/1']) as Line[]));
    expect(joined.scores).toEqual([undefined, 4, 5]);
    expect(joined.withoutTruth).toBe(1);
  });
  it('a later line about a document replaces an earlier one', () => {
    expect(joinSource(people, source('s', lines(['a/bg/1', 'a/bg/2']) as Line[])).scores[0]).toBe(2);
  });
  it('without languages need ids that belong to one language', () => {
    const none = { ...source('s', []), documents: lines(['a/-/4']) };
    expect(() => joinSource(people, none)).toThrow(/names no language, but document a is in bg and in de/);
    const only = people.filter(({ language }) => language === 'bg');
    expect(joinSource(only, none).scores).toEqual([4, undefined]);
  });
  it('with nothing in common are refused', () => {
    expect(() => joinSource(people, source('s', lines(['z/bg/1']) as Line[]))).toThrow(/has no document/);
  });
  it('two different scores of one document are refused, the same twice is not', () => {
    expect(() => requireUnique([...people, document('a', 'bg', 4)], 'people')).toThrow(/two scores/);
    expect(() => requireUnique([...people, document('a', 'bg', 1)], 'people')).not.toThrow();
  });
});

describe('regimeOf', () => {
  it.each([
    [['bg'], 'bg', 'one language'],
    [['bg', 'pl'], 'bg', 'several with this one'],
    [['cs', 'sk'], 'pl', 'family, second order'],
    [['cs', 'bg'], 'pl', 'family'],
    [['cs', 'de'], 'pl', 'others and family'],
    [['de', 'el'], 'pl', 'not of the family'],
    [['lv'], 'lt', 'family'],
    [[], 'lt', null],
    [['bg'], 'xx', null],
  ] as const)('trained on %j, tested on %s: %s', (train, tested, expected) => {
    expect(regimeOf(train, tested)).toBe(expected);
  });
});
