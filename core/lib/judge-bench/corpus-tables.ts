// The documents of a bench report as numbers: what thresholds keep, people's own scores, lengths, languages. Pure.
import type { FigureCell } from '../figures/figure-table.ts';
import { findLanguage, languages as knownLanguages } from '../datasets/language-codes.ts';
import type { BenchReport, BenchRow } from './bench-report.ts';
import { type BenchFigure, CLASS_NAMES, percent, languageLabel } from './bench-figure.ts';

/** Shares of documents at or above 0, 1, … 5: the documents of one language, or of all. */
export function atLeastShares(row: BenchRow, language: string | null): readonly (number | null)[] {
  const cells = row.cells.filter(
    (cell) => cell !== null && (language === null || cell.language === language),
  );
  const total = cells.reduce((sum, cell) => sum + (cell?.documents ?? 0), 0);
  return CLASS_NAMES.map((_, score) =>
    total === 0 ? null : cells.reduce((sum, cell) => sum + (cell?.atLeast[score] ?? 0), 0) / total,
  );
}

export function atLeastFigure(report: BenchReport, language: string | null): BenchFigure {
  return {
    id: `at-least${language === null ? '' : `-${language}`}`,
    title: 'Documents kept at a threshold (%)',
    paper: 'Fig. 15',
    note: `Share of documents scored at least 0, 1, … 5; ${language === null ? 'all languages pooled' : languageLabel(language)}`,
    table: {
      header: ['Source', ...CLASS_NAMES.map((score) => `≥ ${score}`)],
      rows: report.rows.map((row) => [row.name, ...atLeastShares(row, language).map(percent)]),
      format: (value) => value.toFixed(1),
    },
  };
}

export function peopleFigure(report: BenchReport): BenchFigure {
  const { histogram, name } = report.truth;
  const total = histogram.reduce((sum, count) => sum + count, 0);
  return {
    id: 'people-scores',
    title: 'Scores of people',
    paper: 'Fig. 7',
    note: `${name}: ${total.toLocaleString('en-US')} documents, rounded half up; a translation counts as a document`,
    table: {
      header: ['Score', 'Documents', 'Share (%)'],
      rows: histogram.map((count, score) => [
        String(score),
        count,
        total === 0 ? null : (100 * count) / total,
      ]),
      format: (value, column) => (column === 2 ? value.toFixed(1) : value.toLocaleString('en-US')),
    },
  };
}

export function spreadFigure(report: BenchReport): BenchFigure | null {
  const { spread } = report.truth;
  if (spread === null) return null;
  const { documents, majority, meanDeviation } = spread;
  return {
    id: 'people-spread',
    title: 'Spread of people’s ratings',
    paper: 'Fig. 8',
    note: `${documents.toLocaleString('en-US')} documents with two ratings or more; majority agreement ${majority === null ? '–' : `${(100 * majority).toFixed(1)} %`}, mean standard deviation ${meanDeviation === null ? '–' : meanDeviation.toFixed(2)}`,
    table: {
      header: ['Spread at most', 'Documents (%)'],
      rows: spread.shares.map((share, limit) => [String(limit), percent(share)]),
      format: (value) => value.toFixed(1),
    },
  };
}

export function lengthsFigure(report: BenchReport): BenchFigure | null {
  const { lengths } = report.truth;
  if (lengths === null) return null;
  const { edges, counts } = lengths;
  const rows = counts.flatMap((count, index): FigureCell[][] =>
    count === 0 ? [] : [[edges[index] ?? null, edges[index + 1] ?? null, count]],
  );
  return {
    id: 'lengths',
    title: 'Token length',
    paper: 'Fig. 39 c',
    note: `Tokens ${lengths.label}`,
    table: {
      header: ['Tokens, from', 'Tokens, below', 'Documents'],
      rows,
      format: (value, column) => (column === 2 ? String(value) : value.toFixed(0)),
    },
  };
}

/** Table 1 of the paper, for the languages of the report. */
export function familiesFigure(report: BenchReport): BenchFigure {
  const known = new Set(report.languages);
  return {
    id: 'families',
    title: 'Languages and families',
    paper: 'Table 1',
    note: 'Evaluated: one of the 13 languages of avg-13',
    table: {
      header: ['Code', 'FineWeb-2', 'Language', 'Family', 'Second order', 'Evaluated', 'Documents here'],
      rows: [...known]
        .toSorted(
          (a, b) =>
            knownLanguages.findIndex(({ code }) => code === a) -
            knownLanguages.findIndex(({ code }) => code === b),
        )
        .map((code) => {
          const language = findLanguage(code);
          return [
            languageLabel(code),
            language?.fineWeb ?? null,
            language?.name ?? null,
            language?.family ?? null,
            language?.subFamily ?? null,
            language?.isEvaluated ? 'yes' : 'no',
            report.truth.languages.find((own) => own.language === code)?.documents ?? 0,
          ];
        }),
    },
  };
}
