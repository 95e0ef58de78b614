// What can be done to a dashboard, as functions from one to the next. Pure; whoever calls keeps the old ones for undo.
import type { Dashboard, DashboardChart, DashboardSection } from './dashboard.ts';

export interface ChartPlace {
  readonly sectionId: string;
  /** Before which of the other charts of the section; their count for the end. */
  readonly index: number;
}

export function chartOf(board: Dashboard, chartId: string): DashboardChart | null {
  return board.sections.flatMap(({ charts }) => charts).find(({ id }) => id === chartId) ?? null;
}

export function placeOf(board: Dashboard, chartId: string): ChartPlace | null {
  for (const section of board.sections) {
    const index = section.charts.findIndex(({ id }) => id === chartId);
    if (index >= 0) return { sectionId: section.id, index };
  }
  return null;
}

/** The same dashboard when there is no such chart or section. */
export function moveChart(board: Dashboard, chartId: string, to: ChartPlace): Dashboard {
  const chart = chartOf(board, chartId);
  if (!chart || !board.sections.some(({ id }) => id === to.sectionId)) return board;
  return addChart(removeChart(board, chartId), chart, to);
}

/** One place forwards or backwards; from the end of a section into the next one. */
export function shiftChart(board: Dashboard, chartId: string, by: 1 | -1): Dashboard {
  const place = placeOf(board, chartId);
  if (!place) return board;
  const at = board.sections.findIndex(({ id }) => id === place.sectionId);
  const length = board.sections[at]?.charts.length ?? 0;
  const index = place.index + by;
  if (index >= 0 && index < length) return moveChart(board, chartId, { ...place, index });
  const neighbour = board.sections[at + by];
  if (!neighbour) return board;
  return moveChart(board, chartId, {
    sectionId: neighbour.id,
    index: by > 0 ? 0 : neighbour.charts.length,
  });
}

export function addChart(board: Dashboard, chart: DashboardChart, to: ChartPlace): Dashboard {
  return changeSection(board, to.sectionId, (section) => ({
    ...section,
    charts: section.charts.toSpliced(to.index, 0, chart),
  }));
}

export function changeChart(
  board: Dashboard,
  chartId: string,
  change: (chart: DashboardChart) => DashboardChart,
): Dashboard {
  return {
    ...board,
    sections: board.sections.map((section) => ({
      ...section,
      charts: section.charts.map((chart) => (chart.id === chartId ? change(chart) : chart)),
    })),
  };
}

export function removeChart(board: Dashboard, chartId: string): Dashboard {
  return {
    ...board,
    sections: board.sections.map((section) => ({
      ...section,
      charts: section.charts.filter(({ id }) => id !== chartId),
    })),
  };
}

export function changeSection(
  board: Dashboard,
  sectionId: string,
  change: (section: DashboardSection) => DashboardSection,
): Dashboard {
  return {
    ...board,
    sections: board.sections.map((section) => (section.id === sectionId ? change(section) : section)),
  };
}

export function addSection(board: Dashboard, title: string): Dashboard {
  const id = freshId(
    title,
    board.sections.map((section) => section.id),
  );
  return { ...board, sections: [...board.sections, { id, title, charts: [] }] };
}

/** With the charts in it. */
export function removeSection(board: Dashboard, sectionId: string): Dashboard {
  return { ...board, sections: board.sections.filter(({ id }) => id !== sectionId) };
}

export function shiftSection(board: Dashboard, sectionId: string, by: 1 | -1): Dashboard {
  const at = board.sections.findIndex(({ id }) => id === sectionId);
  const section = board.sections[at];
  const to = at + by;
  if (!section || to < 0 || to >= board.sections.length) return board;
  return { ...board, sections: board.sections.toSpliced(at, 1).toSpliced(to, 0, section) };
}

/** `train/loss` → `train-loss`, with a number behind where that is taken. */
export function freshId(text: string, taken: readonly string[]): string {
  const stem =
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 32) || 'chart';
  if (!taken.includes(stem)) return stem;
  for (let number = 2; ; number += 1) if (!taken.includes(`${stem}-${number}`)) return `${stem}-${number}`;
}

export function chartFor(tags: readonly string[], board: Dashboard): DashboardChart {
  const taken = board.sections.flatMap(({ charts }) => charts.map(({ id }) => id));
  const id = freshId(tags[0] ?? '', taken);
  return { id, title: '', tags: [...tags], shape: 'value', height: 'small', isWide: false };
}
