// The trainer's command line: what recipe.yaml passes, parsed and checked once.
import { parseArgs } from 'node:util';
import { z } from 'zod';

const positiveInteger = (high: number) => z.coerce.number().int().min(1).max(high);

const trainerArguments = z.object({
  data: z.string().min(1),
  out: z.string().min(1),
  'text-column': z.string().min(1).default('text'),
  'label-column': z.string().min(1).default('rating'),
  'id-column': z.string().min(1).default('id'),
  hidden: positiveInteger(8192).default(1000),
  epochs: positiveInteger(10_000).default(30),
  'batch-size': positiveInteger(4096).default(16),
  'learning-rate': z.coerce.number().positive().max(1).default(5e-4),
  seed: z.coerce.number().int().min(0).max(4_294_967_295).default(0),
  'ngram-dimensions': positiveInteger(65_536).default(512),
  'pause-ms': z.coerce.number().int().min(0).max(10_000).default(0),
});
export type TrainerArguments = z.infer<typeof trainerArguments>;

/** Throws an Error whose message names the option and what is wrong with it. */
export function parseTrainerArguments(argv: readonly string[]): TrainerArguments {
  const options = Object.fromEntries(
    Object.keys(trainerArguments.shape).map((name) => [name, { type: 'string' as const }]),
  );
  const { values } = parseArgs({ args: [...argv], options, strict: true });
  const parsed = trainerArguments.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`);
  throw new Error(problems.join('; '));
}
