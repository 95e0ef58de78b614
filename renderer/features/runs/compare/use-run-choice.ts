// Which runs the curves are drawn of and in which colours: of a dashboard its own choice, elsewhere the run of the page, those the
// link names, and what the window remembers.
import { useMemo } from 'react';
import type { Run } from '../../../../core/api/runs.ts';
import {
  chosenRuns,
  nameGroup,
  plainRunChoice,
  type RunChoice,
  runChoice,
} from '../../../../core/lib/dashboards/run-choice.ts';
import type { RunConfig } from '../curves/use-run-configs.ts';
import { colorOf } from '../source.ts';

export function parseChoice(stored: unknown): RunChoice | undefined {
  const parsed = runChoice.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}

export interface ShownRun {
  readonly id: string;
  readonly color: number;
  readonly group: string | null;
  readonly isHidden: boolean;
  readonly isPinned: boolean;
}

/** Pinned first. Empty without a choice. */
export function useShownRuns(
  choice: RunChoice | null,
  runs: readonly Run[],
  configs: ReadonlyMap<string, RunConfig>,
): readonly ShownRun[] {
  const key = runs.map((run) => `${run.id}=${run.name}=${run.recipe}`).join('\n');
  return useMemo(() => {
    // Runs change with every point; only what is in the key matters here.
    void key;
    if (!choice) return [];
    const ids = chosenRuns(choice, runs);
    const groups = new Map(
      ids.map((id) => [
        id,
        groupOf(
          choice,
          runs.find((run) => run.id === id),
          configs,
        ),
      ]),
    );
    const names = [...new Set([...groups.values()].filter((name) => name !== null))];
    return ids.map((id): ShownRun => {
      const group = groups.get(id) ?? null;
      return {
        id,
        group,
        color: choice.colors[id] ?? (group === null ? colorOf(id, runs) : names.indexOf(group) % 8),
        isHidden: choice.hidden.includes(id),
        isPinned: choice.pinned.includes(id),
      };
    });
    // oxlint-disable-next-line react/exhaustive-deps
  }, [choice, key, configs]);
}

function groupOf(
  choice: RunChoice,
  run: Run | undefined,
  configs: ReadonlyMap<string, RunConfig>,
): string | null {
  const { grouping } = choice;
  if (grouping.kind === 'none' || !run) return null;
  if (grouping.kind === 'name') return nameGroup(run.name);
  if (grouping.kind === 'recipe') return run.recipe;
  const parameter = run.parameters[grouping.key];
  if (parameter !== undefined) return `${grouping.key} ${String(parameter)}`;
  const found = configs.get(run.id)?.values.get(grouping.key);
  return found === undefined ? `${grouping.key} not set` : `${grouping.key} ${found}`;
}

/** Adds or takes away. */
export function toggled(ids: readonly string[], id: string): string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];
}

export { plainRunChoice };
