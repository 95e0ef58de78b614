// The dashboard that is there when nobody made one: the main metric large, what matters most beside it, the others in sections by the
// first part of their names. And how the sections of any dashboard are filled with the metrics that are there. Pure.
import { freshId } from './dashboard-edits.ts';
import type { Dashboard, DashboardChart, DashboardSection } from './dashboard.ts';
import { defaultLook } from './curve-look.ts';
import { plainRunChoice } from './run-choice.ts';

/** Charts of the first section of the automatic dashboard. */
const FIRST_SECTION = 9;

/**
 * `tags` in order of importance; `known` says which of them everybody wants to see first. Metrics named `part/…` get a section of
 * their part, unless they are among the first.
 */
export function automaticDashboard(tags: readonly string[], isKnown: (tag: string) => boolean): Dashboard {
  const first = tags.filter((tag, index) => index === 0 || (isKnown(tag) && index < FIRST_SECTION));
  const others = tags.filter((tag) => !first.includes(tag));
  const parts = [
    ...new Set(others.filter((tag) => tag.includes('/')).map((tag) => tag.slice(0, tag.indexOf('/') + 1))),
  ];
  const loose = others.filter((tag) => !tag.includes('/'));
  const taken: string[] = [];
  const chart = (tag: string, isFirst = false): DashboardChart => {
    const id = freshId(tag, taken);
    taken.push(id);
    return {
      id,
      title: '',
      tags: [tag],
      shape: 'value',
      height: isFirst ? 'large' : 'small',
      isWide: isFirst,
    };
  };
  const sectionIds: string[] = [];
  const section = (title: string, charts: readonly DashboardChart[], rest?: string): DashboardSection => {
    const id = freshId(title === '' ? 'main' : title, sectionIds);
    sectionIds.push(id);
    return { id, title, charts: [...charts], ...(rest === undefined ? {} : { rest }) };
  };
  return {
    kind: 'nesso-dashboard',
    version: 1,
    note: '',
    columns: 2,
    look: defaultLook,
    runs: plainRunChoice,
    sections: [
      section('', [...first.map((tag, index) => chart(tag, index === 0)), ...loose.map((tag) => chart(tag))]),
      ...parts.map((part) => section(part.slice(0, -1), [], part)),
    ],
  };
}

export interface FilledSection {
  readonly section: DashboardSection;
  /** Its own charts, then one for each metric of its rest. */
  readonly charts: readonly DashboardChart[];
  /** How many of them are from the rest: they belong to no place in the file. */
  readonly restCount: number;
}

/** A metric follows in the first section whose rest takes it, and only when it stands in no chart. */
export function filledSections(board: Dashboard, tags: readonly string[]): readonly FilledSection[] {
  const placed = new Set(board.sections.flatMap(({ charts }) => charts.flatMap((chart) => chart.tags)));
  const taken = board.sections.flatMap(({ charts }) => charts.map(({ id }) => id));
  // The longest prefix first: `train/layers/` before `train/` before everything.
  const takers = board.sections
    .filter((section) => section.rest !== undefined)
    .toSorted((a, b) => (b.rest ?? '').length - (a.rest ?? '').length);
  const rest = new Map<string, DashboardChart[]>();
  for (const tag of tags) {
    if (placed.has(tag)) continue;
    const taker = takers.find((section) => tag.startsWith(section.rest ?? ''));
    if (!taker) continue;
    const id = freshId(tag, taken);
    taken.push(id);
    const chart: DashboardChart = {
      id,
      title: '',
      tags: [tag],
      shape: 'value',
      height: 'small',
      isWide: false,
    };
    rest.set(taker.id, [...(rest.get(taker.id) ?? []), chart]);
  }
  return board.sections.map((section) => {
    const more = rest.get(section.id) ?? [];
    return { section, charts: [...section.charts, ...more], restCount: more.length };
  });
}
