// The trainer's command line: what recipe.yaml passes, parsed and checked once. 0 stands for "what fits the data": a set of
// embeddings is trained as the published heads were, a file of texts as a small sample.
import { parseArgs } from 'node:util';
import { z } from 'zod';

const integerUpTo = (high: number, low = 0) => z.coerce.number().int().min(low).max(high);
/** An empty argument is one that was not given. */
const optionalText = z.string().default('');

const trainerArguments = z.object({
  data: z.string().min(1),
  test: optionalText,
  out: z.string().min(1),
  'text-column': z.string().min(1).default('text'),
  'label-column': z.string().min(1).default('rating'),
  /** Empty: every row is a document of its own. */
  'id-column': z.string().default('id'),
  'language-column': optionalText,
  languages: optionalText,
  sampling: z.enum(['natural', 'balanced']).default('natural'),
  limit: integerUpTo(1_000_000_000).default(0),
  hidden: integerUpTo(8192, 1).default(1000),
  epochs: integerUpTo(10_000).default(0),
  'batch-size': integerUpTo(65_536).default(0),
  'learning-rate': z.coerce.number().positive().max(1).default(5e-4),
  'weight-decay': z.coerce.number().min(0).max(1).default(0.01),
  patience: integerUpTo(10_000, 1).default(5),
  'minimum-gain': z.coerce.number().min(0).max(1).default(1e-3),
  seed: integerUpTo(4_294_967_295).default(42),
  'output-scale': z.coerce.number().positive().max(1000).default(1),
  'output-bias': z.union([z.literal(''), z.coerce.number().min(-1000).max(1000)]).default(''),
  'ngram-dimensions': integerUpTo(65_536, 1).default(512),
  vectors: z.enum(['auto', 'float32', 'float16']).default('auto'),
  threads: integerUpTo(1024).default(0),
  'pause-ms': integerUpTo(10_000).default(0),
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

/** `de, fr` → the two; empty for all. */
export function wantedLanguages(options: TrainerArguments): readonly string[] {
  return options.languages
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
