// trainer_state.json of Hugging Face trainers (Transformers 4.30 to 4.57, TRL): every row that was logged up to a checkpoint.
import { z } from 'zod';

const trainerState = z.looseObject({
  max_steps: z.number().optional(),
  log_history: z.array(z.looseObject({ step: z.number() })),
});

/** Counters of the row, not measures. */
const notMeasures = new Set(['step', 'epoch']);

export interface TrainerState {
  readonly totalSteps: number | null;
  readonly rows: readonly {
    readonly step: number;
    readonly names: readonly string[];
    readonly values: readonly number[];
  }[];
}

/** The bytes of the file in pieces; null when they are no such state (or not yet the whole of it). */
export function readTrainerState(chunks: readonly Uint8Array[]): TrainerState | null {
  const decoder = new TextDecoder();
  const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
  let value: unknown;
  try {
    // Python writes NaN and Infinity, which JSON does not have.
    value = JSON.parse(text.replaceAll(/(:\s*)(-?(?:NaN|Infinity))\b/g, '$1"$2"'));
  } catch {
    return null;
  }
  const parsed = trainerState.safeParse(value);
  if (!parsed.success) return null;
  const { max_steps: totalSteps = 0, log_history: history } = parsed.data;
  const rows = history.map((row) => {
    const numbers = Object.entries(row).flatMap(([name, own]): readonly (readonly [string, number])[] => {
      const number =
        typeof own === 'number'
          ? own
          : own === 'NaN' || own === 'Infinity' || own === '-Infinity'
            ? Number(own)
            : null;
      return number === null || notMeasures.has(name) ? [] : [[name, number]];
    });
    return {
      step: row.step,
      names: numbers.map(([name]) => name),
      values: numbers.map(([, number]) => number),
    };
  });
  return { totalSteps: totalSteps > 0 ? totalSteps : null, rows };
}
