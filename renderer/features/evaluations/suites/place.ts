// Where one is in a suite, as its link says: which tab, which cell, and with which other cell it is compared.
import { currentRoute, href, navigate } from '../../../app/route.ts';

export const suiteTabs = ['grid', 'curves', 'edit'] as const;
export type SuiteTab = (typeof suiteTabs)[number];

export interface Cell {
  readonly prompt: string;
  /** Workspace path. */
  readonly model: string;
}

export interface SuitePlace {
  readonly tab: SuiteTab;
  readonly cell: Cell | null;
  readonly other: Cell | null;
  /** Of the curves; null takes the first that has any. */
  readonly run: string | null;
  /** The dialog that starts the suite is open. */
  readonly asks: boolean;
}

export function readSuitePlace(query: URLSearchParams): SuitePlace {
  const cellAt = (prompt: string, model: string): Cell | null => {
    const [id, path] = [query.get(prompt), query.get(model)];
    return id === null || path === null ? null : { prompt: id, model: path };
  };
  return {
    tab: suiteTabs.find((tab) => tab === query.get('tab')) ?? 'grid',
    cell: cellAt('prompt', 'model'),
    other: cellAt('otherPrompt', 'otherModel'),
    run: query.get('run'),
    asks: query.get('ask') === '1',
  };
}

export function suiteHref(name: string, place: Partial<SuitePlace>): string {
  const { tab = 'grid', cell, other, run, asks } = place;
  return href('evaluations', `suites/${name}`, {
    ...(tab === 'grid' ? {} : { tab }),
    ...(cell ? { prompt: cell.prompt, model: cell.model } : {}),
    ...(cell && other ? { otherPrompt: other.prompt, otherModel: other.model } : {}),
    ...(run ? { run } : {}),
    ...(asks ? { ask: '1' } : {}),
  });
}

/** Changes a part of where one is, without a step in the history. */
export function moveInSuite(name: string, change: Partial<SuitePlace>): void {
  const now = readSuitePlace(currentRoute()?.query ?? new URLSearchParams());
  navigate(suiteHref(name, { ...now, ...change }), { replace: true });
}
