// Which colours a chart has, by name. Pure; the values come from tokens.css.

export interface ThemeColors {
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly panel: string;
  readonly accent: string;
  readonly warn: string;
  readonly bad: string;
  readonly series: readonly string[];
}

export const SERIES_COUNT = 8;

/** The CSS variable of a series colour; runs keep their number everywhere. */
export function seriesVariable(index: number): string {
  return `--s${(index % SERIES_COUNT) + 1}`;
}
