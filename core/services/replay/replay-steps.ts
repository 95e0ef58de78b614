// The steps of a run that can answer, or could: models whose origin is the run, and checkpoints known to be saved there.
import type { ModelSummary } from '../../api/models.ts';

export interface ReplayModel {
  readonly step: number;
  readonly tokens: number | null;
  /** From the workspace; null where no model was made of the checkpoint here. */
  readonly modelPath: string | null;
  readonly quantization: string | null;
  readonly problem: string | null;
}

/** Of the run, oldest first; of each step the model of the type, else (with null) the largest. */
export function stepsOfRun(
  models: readonly ModelSummary[],
  {
    runId,
    type,
    saved,
  }: { readonly runId: string; readonly type: string | null; readonly saved: readonly number[] },
): readonly ReplayModel[] {
  const found = new Map<number, ModelSummary>();
  const known = new Map<number, number | null>(saved.map((step) => [step, null]));
  for (const model of models) {
    if (model.origin?.runId !== runId) continue;
    const { step, tokens } = model.origin;
    known.set(step, tokens);
    if (type !== null && typeOf(model) !== type) continue;
    const before = found.get(step);
    if (before === undefined || model.sizeBytes > before.sizeBytes) found.set(step, model);
  }
  return [...known.keys()]
    .sort((a, b) => a - b)
    .map((step) => {
      const model = found.get(step);
      return {
        step,
        tokens: known.get(step) ?? null,
        modelPath: model?.path ?? null,
        quantization: model?.quantization ?? null,
        problem: model?.problem ?? null,
      };
    });
}

export interface ReplayRun {
  readonly runId: string;
  readonly runName: string;
  readonly steps: number;
  readonly types: readonly string[];
}

/** Runs with a model here, the one with the most steps first. */
export function runsOf(models: readonly ModelSummary[]): readonly ReplayRun[] {
  const runs = new Map<string, { name: string; steps: Set<number>; types: Set<string> }>();
  for (const model of models) {
    if (model.origin === null) continue;
    const { runId, runName, step } = model.origin;
    const run = runs.get(runId) ?? { name: runName, steps: new Set(), types: new Set() };
    run.steps.add(step);
    run.types.add(typeOf(model));
    runs.set(runId, run);
  }
  return [...runs]
    .map(([runId, { name, steps, types }]) => ({
      runId,
      runName: name,
      steps: steps.size,
      types: [...types].sort(),
    }))
    .sort((a, b) => b.steps - a.steps);
}

function typeOf({ origin, quantization }: ModelSummary): string {
  return origin?.type || (quantization ?? '').toLowerCase();
}
