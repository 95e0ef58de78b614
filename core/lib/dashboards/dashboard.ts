// A dashboard: which metrics stand in which charts and sections, how they are drawn, and of which runs. A small JSON file that people
// share through git: two spaces, one value a line, what has its default left out.
import { z } from 'zod';
import { curveLook, defaultLook, smoothingLook } from './curve-look.ts';
import { plainRunChoice, runChoice } from './run-choice.ts';

/** A run with statistics of every layer has some thousand metrics; charts of more than this nobody looks at. */
const MAX_CHARTS = 500;
const MAX_SECTIONS = 100;
const MAX_TAGS = 50;
const id = z.string().regex(/^[a-z0-9-]{1,40}$/);

export const dashboardChart = z.object({
  id,
  /** Empty: the name of its metrics. */
  title: z.string().max(200).default(''),
  /** Metrics drawn in it, by their names in the logs. */
  tags: z.array(z.string().min(1).max(1000)).min(1).max(MAX_TAGS),
  /** The values, how fast they change, or how far each run is from the first. */
  shape: z.enum(['value', 'derivative', 'difference']).default('value'),
  /** Absent: as the dashboard has it. */
  logarithmicY: z.boolean().optional(),
  y: z.enum(['all', 'robust']).optional(),
  smoothing: smoothingLook.optional(),
  height: z.enum(['small', 'medium', 'large']).default('small'),
  /** Over the whole width. */
  isWide: z.boolean().default(false),
});
export type DashboardChart = z.infer<typeof dashboardChart>;

export const dashboardSection = z.object({
  id,
  title: z.string().max(200).default(''),
  charts: z.array(dashboardChart).max(MAX_CHARTS).default([]),
  /** Metrics that begin with this and stand in no chart follow, one chart each; empty: all that are left. Absent: none. */
  rest: z.string().max(1000).optional(),
});
export type DashboardSection = z.infer<typeof dashboardSection>;

export const dashboard = z.object({
  kind: z.literal('nesso-dashboard'),
  version: z.literal(1),
  note: z.string().max(10_000).default(''),
  /** Charts beside each other. */
  columns: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(2),
  look: curveLook.default(defaultLook),
  runs: runChoice.default(plainRunChoice),
  sections: z.array(dashboardSection).max(MAX_SECTIONS),
});
export type Dashboard = z.infer<typeof dashboard>;

/** The text of the file: the same dashboard gives the same bytes. */
export function dashboardText(value: Dashboard): string {
  const { kind, version, note, columns, look, runs, sections } = value;
  const file = {
    kind,
    version,
    ...(note === '' ? {} : { note }),
    columns,
    ...given('look', without(look, defaultLook)),
    ...given('runs', without(runs, plainRunChoice)),
    sections: sections.map((section) => ({
      id: section.id,
      ...(section.title === '' ? {} : { title: section.title }),
      ...(section.charts.length === 0 ? {} : { charts: section.charts.map(chartFields) }),
      ...(section.rest === undefined ? {} : { rest: section.rest }),
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

const plainChart = { title: '', shape: 'value', height: 'small', isWide: false } as const;

function chartFields({ id: chartId, tags, ...rest }: DashboardChart) {
  return { id: chartId, tags, ...without(rest, plainChart) };
}

/** The fields that are set and differ from those of `plain`, in the order of the schema. */
function without(fields: object, plain: object): Record<string, unknown> {
  const defaults = plain as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(defaults[name]),
    ),
  );
}

function given(name: string, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.keys(fields).length === 0 ? {} : { [name]: fields };
}

/** Throws SyntaxError or ZodError. */
export function parseDashboard(text: string): Dashboard {
  return dashboard.parse(JSON.parse(text));
}
