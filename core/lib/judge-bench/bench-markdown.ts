// A whole report as Markdown: for the command line, and beside the exported figures.
import { toMarkdown } from '../figures/figure-table.ts';
import type { BenchReport } from './bench-report.ts';
import { allFigures } from './bench-tables.ts';
import type { BenchFigure } from './bench-figure.ts';

/** `pictureOf` names the picture of a figure beside the text, where there is one. */
export function benchMarkdown(
  report: BenchReport,
  pictureOf: (figure: BenchFigure) => string | null = () => null,
): string {
  const { truth, rows, languages } = report;
  const parts = [
    `# Judges against people: ${truth.name}`,
    `${truth.documents.toLocaleString('en-US')} documents in ${languages.length} ${languages.length === 1 ? 'language' : 'languages'}, ${rows.length} ${rows.length === 1 ? 'source' : 'sources'}.`,
    ...report.notes.map((note) => `> ${note}`),
    ...allFigures(report).map((figure) => {
      const picture = pictureOf(figure);
      return [
        `## ${figure.title}`,
        `${figure.note} (as ${figure.paper}).`,
        ...(picture === null ? [] : [`![${figure.title}](${picture})`]),
        toMarkdown(figure.table),
      ].join('\n\n');
    }),
  ];
  return `${parts.join('\n\n')}\n`;
}
