// The printed values against themselves: averages that are recomputed, tables that follow from others.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVALUATED_LANGUAGES, findLanguage } from '../../../../../core/lib/datasets/language-codes.ts';
import {
  type ReferenceFigure,
  referenceFigure,
  referenceOf,
} from '../../../../../core/lib/judge-bench/reference.ts';

const folder = join(import.meta.dirname, '..', '..', '..', '..', '..', 'resources', 'reference', 'jql');
const figures: readonly ReferenceFigure[] = readdirSync(folder).map((name) =>
  referenceFigure.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);
const rowsOf = (id: string) => {
  const figure = referenceOf(figures, id, 'quantities');
  if (!figure) throw new Error(`${id} is missing`);
  return new Map(figure.rows.map((row) => [row.name, row.values]));
};
const column = (id: string, name: string) =>
  [...rowsOf(id)].flatMap(([key, values]) =>
    values[name] === undefined ? [] : [[key, values[name]] as const],
  );

describe('the published values', () => {
  it('are in files of their own names', () => {
    expect(figures.map(({ id }) => `${id}.json`).toSorted()).toEqual(readdirSync(folder).toSorted());
  });

  it.each(['fig-02', 'fig-03'])('%s: the average of the 13 languages is the printed one', (id) => {
    const figure = referenceOf(figures, id, 'language-matrix');
    expect(figure?.languages).toEqual(EVALUATED_LANGUAGES);
    let compared = 0;
    for (const row of figure?.rows ?? []) {
      if (row.values === null) continue;
      expect(row.values).toHaveLength(13);
      // Thirteen values rounded to three digits, and the printed mean rounded once more.
      expect(Math.abs(mean(known(row.values)) - row.avg13), row.name).toBeLessThanOrEqual(0.00105);
      compared += 1;
    }
    expect(compared).toBe(id === 'fig-02' ? 3 : 8);
  });

  it('Fig. 3 has no value exactly where a language has no relative', () => {
    const figure = referenceOf(figures, 'fig-03', 'language-matrix');
    const missing = (name: string) =>
      figure?.languages.filter(
        (_, index) => figure.rows.find((row) => row.name === name)?.values?.[index] === null,
      );
    const alone = EVALUATED_LANGUAGES.filter((code) => {
      const family = findLanguage(code)?.family;
      return !['Slavic', 'Germanic', 'Romance', 'Uralic', 'Baltic'].includes(family ?? '');
    });
    expect(missing('Family, first order')).toEqual(alone);
    expect(missing('Family, second order')).toEqual(['el', 'hu', 'tr']);
    expect(missing('EU-35, the other 34')).toEqual([]);
  });

  it('Table 2 is the mean of the languages, with the minus sign that its print lost', () => {
    const table = rowsOf('table-2');
    for (const quantile of ['quantile 0.6', 'quantile 0.7']) {
      const changes = column('token-change', quantile).filter(([code]) => EVALUATED_LANGUAGES.includes(code));
      expect(changes).toHaveLength(13);
      expect(mean(changes.map(([, value]) => value))).toBeCloseTo(table.get(quantile)?.['tokens'] ?? 0, 1);
    }
    expect(table.get('quantile 0.7')?.['tokens']).toBeLessThan(0);
  });

  it('Fig. 7 adds up to the 511 documents', () => {
    const counts = [...rowsOf('fig-07').values()].flatMap((values) => Object.values(values));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(511);
  });

  it('the rows of Fig. 14 add up to 1', () => {
    const figure = referenceOf(figures, 'fig-14', 'confusion');
    expect(figure?.rows).toHaveLength(3);
    for (const { name, matrix } of figure?.rows ?? []) {
      for (const [truth, row] of matrix.entries()) {
        expect(Math.abs(row.reduce((sum, value) => sum + value, 0) - 1), `${name} ${truth}`).toBeLessThan(
          0.035,
        );
      }
    }
  });

  it('Table 5 adds up to what the sets publish', () => {
    const train = column('table-5', 'train').map(([, value]) => value);
    expect(train.reduce((sum, value) => sum + value, 0)).toBe(17_186_606);
    const codes = column('table-5', 'test').map(([code]) => code);
    expect(codes.filter((code) => !findLanguage(code)?.isEuropean35)).toEqual(['sr-cyrl']);
    expect(new Set(codes).size).toBe(36);
  });

  it('Fig. 18 is one value a training language, inside its colours, and its diagonal averages to Fig. 3', () => {
    const figure = referenceOf(figures, 'fig-18', 'cross-language');
    expect(figure?.trainLanguages).toHaveLength(32);
    expect(figure?.testLanguages).toHaveLength(35);
    for (const row of figure?.rows ?? []) {
      expect(row.avg35).toHaveLength(32);
      expect(row.avg35.every((value) => value >= 0.5 && value <= 0.8)).toBe(true);
    }
    const diagonal = (figure?.cells ?? []).filter(({ train, test }) => train === 'bg' && test === 'bg');
    const baseline = referenceOf(figures, 'fig-03', 'language-matrix')?.rows[0]?.values?.[0] ?? 0;
    expect(Math.abs(mean(diagonal.map(({ value }) => value)) - baseline)).toBeLessThan(0.002);
  });

  it('figures that print the same quantity agree within their digits', () => {
    const heads = referenceOf(figures, 'fig-03', 'language-matrix')?.rows ?? [];
    for (const [name, value] of column('fig-37', 'avg-35')) {
      expect(Math.abs((heads.find((row) => row.name === name)?.avg35 ?? 0) - value)).toBeLessThanOrEqual(
        0.0011,
      );
    }
    const curve = referenceOf(figures, 'fig-17', 'sample-size')?.points ?? [];
    const mistral = heads.find((row) => row.name === 'JQL-Mistral');
    expect(curve.find(({ samples }) => samples === 500_000)).toMatchObject({
      avg13: mistral?.avg13,
      avg35: mistral?.avg35,
    });
    for (const [name, value] of column('fig-39', '8192')) {
      const table = rowsOf('table-6').get(name)?.['snowflake-arctic-embed-m-v2.0, mean'] ?? 0;
      expect(Math.abs(table - value), name).toBeLessThanOrEqual(0.0051);
    }
  });
});
