// A view that was given a name: which rows of which dataset, which columns, and a note. A small JSON file that people share
// through git: two spaces, one value a line, what has its default left out.
import { z } from 'zod';
import { datasetView, type DatasetView, viewText } from './view.ts';

const columnName = z.string().max(10_000);
const MAX_COLUMNS = 2000;

/** Which columns are shown, in which order and how wide; a column that is not named stands where the file has it. */
export const columnLayout = z.object({
  /** Names in the order that was chosen; the rest follows in the order of the file. */
  order: z.array(columnName).max(MAX_COLUMNS).default([]),
  hidden: z.array(columnName).max(MAX_COLUMNS).default([]),
  /** They stay in sight at the left. */
  pinned: z.array(columnName).max(MAX_COLUMNS).default([]),
  /** Pixels. */
  widths: z.record(columnName, z.number().min(40).max(4000)).default({}),
});
export type ColumnLayout = z.infer<typeof columnLayout>;

export const plainLayout: ColumnLayout = { order: [], hidden: [], pinned: [], widths: {} };

export function isPlainLayout(layout: ColumnLayout): boolean {
  const { order, hidden, pinned, widths } = layout;
  return order.length + hidden.length + pinned.length + Object.keys(widths).length === 0;
}

export const savedView = z.object({
  kind: z.literal('nesso-view'),
  version: z.literal(1),
  /** Path of the dataset in the workspace. */
  dataset: z.string().min(1).max(4096),
  note: z.string().max(10_000).default(''),
  view: datasetView,
  columns: columnLayout.default(plainLayout),
});
export type SavedView = z.infer<typeof savedView>;

/** The text of the file: the same view gives the same bytes. */
export function savedViewText(saved: SavedView): string {
  const { dataset, note, view, columns } = saved;
  const layout = Object.fromEntries(
    Object.entries(columns).filter(([, value]) => Object.keys(value).length > 0),
  );
  const file = {
    kind: saved.kind,
    version: saved.version,
    dataset,
    ...(note === '' ? {} : { note }),
    view: JSON.parse(viewText(view)) as unknown,
    ...(Object.keys(layout).length === 0 ? {} : { columns: layout }),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Throws SyntaxError or ZodError. */
export function parseSavedView(text: string): SavedView {
  return savedView.parse(JSON.parse(text));
}

/** Whether both show the same rows and columns; a note changes nothing of that. */
export function showsSame(
  left: { readonly view: DatasetView; readonly columns: ColumnLayout },
  right: { readonly view: DatasetView; readonly columns: ColumnLayout },
): boolean {
  return (
    viewText(left.view) === viewText(right.view) && layoutText(left.columns) === layoutText(right.columns)
  );
}

function layoutText({ order, hidden, pinned, widths }: ColumnLayout): string {
  const sorted = Object.entries(widths).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([order, hidden.toSorted(), pinned, sorted]);
}
