// Thresholds, ensembles and coefficients of scored documents against NumPy and SciPy, and the quick counting against plain loops.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { retention } from '../../../../../core/lib/quality/retention.ts';
import { blocksOf, countPassing, withBlocks } from '../../../../../core/lib/quality/score-blocks.ts';
import {
  type BaseColumns,
  countBase,
  headThreshold,
  nextUp,
  type ScoreArray,
  sortWithin,
} from '../../../../../core/lib/quality/score-columns.ts';
import { nearbyOrder, reorder } from '../../../../../core/lib/quality/score-order.ts';
import { rankCorrelation } from '../../../../../core/lib/quality/score-ranks.ts';
import { sortScores } from '../../../../../core/lib/quality/sort-scores.ts';

const value = z.union([z.number(), z.enum(['inf', '-inf'])]).nullable();
const fixture = z
  .object({
    languages: z.record(z.string(), z.number()),
    heads: z.array(z.string()),
    shares: z.array(z.number()),
    scores: z.array(z.array(value)),
    tokens: z.array(z.number()),
    kept: z.array(z.boolean()),
    quantiles: z.record(z.string(), z.record(z.string(), z.array(value))),
    spearman: z.record(
      z.string(),
      z.record(z.string(), z.object({ rho: z.number().nullable(), pairs: z.number() })),
    ),
    ensembles: z.array(
      z.object({
        share: z.number(),
        operator: z.enum(['gte', 'gt']),
        needed: z.number(),
        documents: z.number(),
        tokens: z.number(),
        perLanguage: z.record(z.string(), z.number()),
        meanTokenChangePercent: z.number(),
      }),
    ),
  })
  .parse(
    JSON.parse(readFileSync(join(import.meta.dirname, '../../../../fixtures/quality/scored.json'), 'utf8')),
  );

function numberOf(found: z.infer<typeof value> | undefined): number {
  if (found === null || found === undefined) return Number.NaN;
  return found === 'inf' ? Infinity : found === '-inf' ? -Infinity : found;
}

const languages = Object.keys(fixture.languages);
const starts = Float64Array.from([0, ...Object.values(fixture.languages)]);
for (let index = 1; index < starts.length; index += 1) starts[index]! += starts[index - 1]!;

/** The same documents as floats and as doubles, in their order and in the one the lab counts in. */
function corpusOf(kind: 'floats' | 'doubles', ordered: boolean) {
  const columns = fixture.heads.map((_, head): ScoreArray => {
    const values = fixture.scores.map((row) => numberOf(row[head]));
    return kind === 'floats' ? Float32Array.from(values) : Float64Array.from(values);
  });
  const sorted = columns.map((values) => sortWithin(values, starts));
  const order = ordered
    ? nearbyOrder(starts, sorted)
    : Uint32Array.from({ length: fixture.tokens.length }, (_, row) => row);
  const base: BaseColumns = {
    starts,
    tokens: reorder(Uint32Array.from(fixture.tokens), order),
    kept: reorder(Uint8Array.from(fixture.kept, Number), order),
  };
  const heads = sorted.map((own) => withBlocks({ ...own, values: reorder(own.values, order) }, starts));
  return { base, blocks: blocksOf(base), heads };
}

describe.each([
  ['floats', false],
  ['floats', true],
  ['doubles', true],
] as const)('scored documents as %s, in the order of counting: %s', (kind, ordered) => {
  const { base, blocks, heads } = corpusOf(kind, ordered);

  it('have the quantiles of NumPy, ties and infinities included', () => {
    for (const [language, name] of languages.entries()) {
      for (const [index, head] of heads.entries()) {
        const wanted = fixture.quantiles[name]?.[fixture.heads[index] ?? ''];
        for (const [at, share] of fixture.shares.entries()) {
          const found = headThreshold(head, base, language, share);
          const expected = numberOf(wanted?.[at] ?? null);
          if (!Number.isFinite(expected)) expect(found).toBeNaN();
          else expect(found).toBeCloseTo(expected, 12);
        }
      }
    }
  });

  it('keep what NumPy keeps, under every rule and operator', () => {
    for (const wanted of fixture.ensembles) {
      const counts = languages.map((name, language) => {
        const thresholds = heads.map((head) => headThreshold(head, base, language, wanted.share));
        const bounds = wanted.operator === 'gte' ? thresholds : thresholds.map(nextUp);
        const { passing } = countPassing({ base, blocks }, heads, language, {
          bounds,
          needed: wanted.needed,
        });
        const { all, kept } = countBase(base, language);
        return [
          name,
          {
            documents: all.documents,
            keptDocuments: passing.documents,
            tokens: all.tokens,
            keptTokens: passing.tokens,
            fw2Documents: kept.documents,
            fw2Tokens: kept.tokens,
          },
        ] as const;
      });
      const found = retention(new Map(counts));
      expect(found.total).toMatchObject({ keptDocuments: wanted.documents, keptTokens: wanted.tokens });
      expect(Object.fromEntries(counts.map(([name, own]) => [name, own.keptDocuments]))).toEqual(
        wanted.perLanguage,
      );
      expect(found.meanTokenChangePercent).toBeCloseTo(wanted.meanTokenChangePercent, 9);
    }
  });

  it('have the coefficients of SciPy, missing sides dropped', () => {
    for (const [language, name] of languages.entries()) {
      for (const [pair, wanted] of Object.entries(fixture.spearman[name] ?? {})) {
        const [left, right] = pair.split('').map((head) => heads[fixture.heads.indexOf(head)]);
        if (!left || !right) throw new Error(pair);
        const found = rankCorrelation(base, left, right, language);
        expect(found.pairs).toBe(wanted.pairs);
        if (wanted.rho === null) expect(found.coefficient).toBeNaN();
        else expect(found.coefficient).toBeCloseTo(wanted.rho, 12);
      }
    }
  });
});

/** Uniform in [0, 1), the same each time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('many documents', () => {
  const next = generator(11);
  const rows = 12_000;
  const bounds = Float64Array.of(0, 0, 9001, 9002, rows);
  const column = (): Float32Array =>
    Float32Array.from({ length: rows }, () => {
      const roll = next();
      return roll < 0.01 ? Number.NaN : roll < 0.012 ? -Infinity : Math.round(next() * 600) / 100 - 0.5;
    });
  const columns = [column(), column(), column(), column()];
  const tokens = Uint32Array.from({ length: rows }, () => Math.floor(next() * 3000));

  it('sort like the engine sorts, zeros, infinities and missing ones included', () => {
    const values = Float32Array.from({ length: 20_000 }, (_, index) =>
      index % 97 === 0
        ? Number.NaN
        : index % 89 === 0
          ? -0
          : index % 83 === 0
            ? Infinity
            : (next() - 0.5) * 1e30,
    );
    // A NaN with its sign set, as some programs write it.
    new Uint32Array(values.buffer)[5] = 0xffc0_0000;
    const wanted = values.slice().sort();
    sortScores(values);
    expect([...values].every((own, index) => Object.is(own, wanted[index]))).toBe(true);
  });

  it('are each in one place, and counted like one by one', () => {
    const sorted = columns.map((values) => sortWithin(values, bounds));
    const order = nearbyOrder(bounds, sorted);
    expect(order.slice().sort()).toEqual(Uint32Array.from({ length: rows }, (_, row) => row));
    const base: BaseColumns = {
      starts: bounds,
      tokens: reorder(tokens, order),
      kept: new Uint8Array(rows),
    };
    const all = sorted.map((own) => withBlocks({ ...own, values: reorder(own.values, order) }, bounds));
    const blocks = blocksOf(base);
    for (let language = 0; language + 1 < bounds.length; language += 1) {
      for (const count of [1, 3, 4]) {
        for (const limit of [-Infinity, 0.25, 3.1, 9, Number.NaN]) {
          const heads = all.slice(0, count);
          const limits = heads.map((_, head) => limit + head / 4);
          for (let needed = 1; needed <= count; needed += 1) {
            const found = countPassing({ base, blocks }, heads, language, { bounds: limits, needed });
            const wanted = { documents: 0, tokens: 0 };
            const cuts = heads.map(() => ({ documents: 0, tokens: 0 }));
            for (let row = bounds[language] ?? 0; row < (bounds[language + 1] ?? 0); row += 1) {
              const passes = heads.map(
                (_, head) => (columns[head]?.[row] ?? Number.NaN) >= (limits[head] ?? 0),
              );
              for (const [head, pass] of passes.entries()) {
                const own = cuts[head];
                if (own && pass)
                  Object.assign(own, {
                    documents: own.documents + 1,
                    tokens: own.tokens + (tokens[row] ?? 0),
                  });
              }
              if (passes.filter(Boolean).length < needed) continue;
              wanted.documents += 1;
              wanted.tokens += tokens[row] ?? 0;
            }
            expect(found).toEqual({ passing: wanted, cuts });
          }
        }
      }
    }
  });

  it('lie so that a threshold cuts few blocks, where heads rank alike', () => {
    const own = Float64Array.of(0, 100_000);
    const common = Array.from({ length: 100_000 }, () => 5 * next());
    const sorted = [0, 1, 2].map(() =>
      sortWithin(
        Float32Array.from(common, (score) => score + next() / 2),
        own,
      ),
    );
    const order = nearbyOrder(own, sorted);
    for (const head of sorted) {
      const { lowest, highest } = withBlocks({ ...head, values: reorder(head.values, order) }, own);
      const cut = lowest.filter((low, block) => low < 3 && (highest[block] ?? 0) >= 3).length;
      expect(cut / lowest.length).toBeLessThan(0.15);
    }
  });
});
