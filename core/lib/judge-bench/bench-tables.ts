// Every figure of a bench report, in the order of a report: what the command line prints and the window exports. Pure.
import type { BenchReport } from './bench-report.ts';
import type { BenchFigure } from './bench-figure.ts';
import {
  spearmanFigure,
  spearmanDetailsFigure,
  pValueFigure,
  macroF1Figure,
  errorsFigure,
  confusionFigure,
  invalidFigure,
} from './agreement-tables.ts';
import { atLeastFigure, peopleFigure, spreadFigure, lengthsFigure, familiesFigure } from './corpus-tables.ts';
import { regimesFigure, crossLanguageFigure, sampleSizeFigure, lengthPairsFigure } from './head-tables.ts';

/** All of them, in the order of a report. */
export function allFigures(report: BenchReport): readonly BenchFigure[] {
  return [
    spearmanFigure(report),
    spearmanDetailsFigure(report),
    pValueFigure(report),
    macroF1Figure(report),
    errorsFigure(report),
    ...report.rows.map((row) => confusionFigure(row, null)),
    invalidFigure(report),
    atLeastFigure(report, null),
    peopleFigure(report),
    spreadFigure(report),
    lengthsFigure(report),
    regimesFigure(report),
    crossLanguageFigure(report),
    sampleSizeFigure(report),
    lengthPairsFigure(report),
    familiesFigure(report),
  ].filter((figure) => figure !== null);
}
