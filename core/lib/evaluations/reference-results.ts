// A published table as results, so that it stands beside measured ones: what the report does not say stays unknown.
import type { ReferenceTable } from './reference.ts';
import type { EvaluationResult } from './result.ts';

/** Of one row, by its place in the table. */
export function referenceRowResults(
  { id, columns, rows }: ReferenceTable,
  place: number,
): readonly EvaluationResult[] {
  const row = rows[place];
  if (row === undefined) return [];
  return columns.flatMap(({ task, metric, shots, questions }, column) => {
    const value = row.values[column] ?? null;
    if (value === null) return [];
    return [
      {
        task,
        isGroup: false,
        version: null,
        shots,
        filter: 'none',
        metric,
        value,
        standardError: errorOf(metric, value, questions),
        samples: questions,
        available: questions,
        higherIsBetter: true,
        harness: 'unknown' as const,
        harnessVersion: null,
        chatTemplate: 'unknown',
        systemPrompt: 'unknown',
        limit: 'unknown' as const,
        taskHash: null,
        model: `${row.name} (${id})`,
        measuredMs: null,
        source: { path: `reference/zagreus/${id}.json`, sha256: null },
      },
    ];
  });
}

/** Right and wrong answers have one that follows from their share: √(p (1 − p) / (n − 1)), as the harness forms it. */
function errorOf(metric: string, value: number, questions: number | null): number | null {
  if (questions === null || questions < 2 || !/^acc(_norm)?$/.test(metric)) return null;
  return Math.sqrt((value * (1 - value)) / (questions - 1));
}
