// Gives Hugging Face rows their step. The Trainer redraws its bar right after printing a row, so the next bar has the
// row's step. Where output is buffered, many rows come at once: their epochs share out the steps between bars.
import type { ProgressBar } from './hf-trainer.ts';

type Row = ReadonlyMap<string, number>;

export interface RowPlacer {
  readonly totalSteps: number | null;
  addRow(row: Row): void;
  seeBar(bar: ProgressBar): void;
  /** Places rows that still wait for a bar: the file has no more for now. */
  settle(): void;
}

/** `place` gets every row once, in order. */
export function createRowPlacer(place: (step: number, row: Row) => void): RowPlacer {
  let total: number | null = null;
  let barStep = 0;
  let lastStep = 0;
  let stepsPerEpoch: number | null = null;
  let waiting: Row[] = [];

  const flush = () => {
    const rows = waiting;
    waiting = [];
    const lastEpoch = rows.at(-1)?.get('epoch');
    if (barStep > lastStep && lastEpoch !== undefined && lastEpoch > 0) stepsPerEpoch = barStep / lastEpoch;
    for (const row of rows) {
      lastStep = stepOf(row);
      place(lastStep, row);
    }
  };
  const stepOf = (row: Row): number => {
    const own = row.get('step') ?? row.get('global_step');
    if (own !== undefined) return own;
    const epoch = row.get('epoch');
    if (stepsPerEpoch !== null && epoch !== undefined)
      return Math.max(lastStep, Math.round(epoch * stepsPerEpoch));
    if (barStep > lastStep) return barStep;
    return isLoggedStep(row) ? lastStep + 1 : lastStep;
  };

  return {
    get totalSteps() {
      return total;
    },
    addRow(row) {
      waiting.push(row);
      // Without any bar (its stream went elsewhere) rows are counted.
      if (total === null) flush();
    },
    seeBar({ description, done, total: barTotal }) {
      // Loading, mapping and saving have a description; evaluation has another total.
      if (description !== '' || (total !== null && barTotal !== total)) return;
      total ??= barTotal;
      barStep = done;
      if (waiting.length > 0) flush();
    },
    settle() {
      if (waiting.length > 0) flush();
    },
  };
}

/** Evaluation and summary rows belong to the step before them. */
function isLoggedStep(row: Row): boolean {
  if (row.has('train_runtime')) return false;
  for (const key of row.keys()) if (key.startsWith('eval_')) return false;
  return true;
}
