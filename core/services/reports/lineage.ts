// Which runs of the workspace made the data of a training: by the folders that one wrote and the next one read.
import { readFile } from 'node:fs/promises';
import type { Run } from '../../api/runs.ts';
import { isBelow } from '../../lib/reports/compose.ts';
import type { ReportLineage } from '../../lib/reports/facts.ts';
import { resolveInside } from '../files/resolve-inside.ts';

/** Score, filter, tokenize; more in a row is a circle. */
const DEEPEST = 6;

/** The nearest to the training first. `target`: paths of another one are other folders. */
export async function lineageOf(
  root: string,
  runs: readonly Run[],
  { target, datasets }: { readonly target: string; readonly datasets: readonly string[] },
): Promise<readonly ReportLineage[]> {
  const found = new Map<string, ReportLineage>();
  let wanted = datasets;
  for (let depth = 0; depth < DEEPEST && wanted.length > 0; depth += 1) {
    const next: string[] = [];
    for (const run of runs) {
      const output = textOf(run, 'output');
      if (run.target !== target || output === '' || found.has(run.id)) continue;
      if (run.state !== 'done' || !wanted.some((path) => isBelow(path, output))) continue;
      const input = textOf(run, 'input');
      found.set(run.id, {
        run: run.id,
        name: run.name,
        recipe: run.recipe,
        input,
        output,
        filter: run.recipe === 'filter' ? await filterOf(root, textOf(run, 'recipe')) : null,
      });
      if (input !== '') next.push(input);
    }
    wanted = next;
  }
  return [...found.values()];
}

function textOf({ parameters }: Run, name: string): string {
  const value = parameters[name];
  return typeof value === 'string' ? value.replace(/(?<=.)\/+$/, '') : '';
}

async function filterOf(root: string, path: string): Promise<ReportLineage['filter']> {
  if (path === '') return null;
  const text = await resolveInside(root, path)
    .then((absolute) => readFile(absolute, 'utf8'))
    .catch(() => null);
  return text === null ? null : { path, text };
}
