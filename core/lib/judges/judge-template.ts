// A judge: the prompt that a language model gets about a document, the label its score follows, and how it is sampled. Lies in
// judges/<name>.yaml of a workspace, or is shipped. Knows neither folders nor servers.
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';

/** Stands once in the prompt, where the document goes. Any other brace is text. */
export const PLACEHOLDER = '{document}';
/** Ten times the longest prompt that is published; a longer one leaves no room for the document. */
const MAX_PROMPT_CHARACTERS = 50_000;
/** More samples of one document than anyone paid for. */
export const MAX_SAMPLES = 20;

export const judgeSampling = z.strictObject({
  /** Generations of one document. */
  samples: z.number().int().min(1).max(MAX_SAMPLES).default(3),
  temperature: z.number().min(0).max(2).default(0.7),
  top_p: z.number().gt(0).max(1).default(0.9),
  /** Tokens of one answer at most. */
  max_tokens: z.number().int().min(1).max(32_768).default(500),
  /** Tokens the model reads and writes together; the document is cut so that prompt and answer fit. */
  context: z.number().int().min(64).max(1_048_576).default(8192),
  /** Sent along when it is a number; servers are free to ignore it. */
  seed: z.number().int().min(0).max(2_147_483_647).nullable().default(null),
});
export type JudgeSampling = z.infer<typeof judgeSampling>;

export const defaultSampling: JudgeSampling = judgeSampling.parse({});

/** Scores are whole numbers from `lowest` to `highest`. */
const scale = z
  .strictObject({
    lowest: z.number().int().min(0).max(9).default(0),
    highest: z.number().int().min(1).max(10).default(5),
  })
  .refine(({ lowest, highest }) => lowest < highest, 'the lowest score must be below the highest');

const prompt = z
  .string()
  .max(MAX_PROMPT_CHARACTERS)
  .refine((text) => text.split(PLACEHOLDER).length === 2, `must contain ${PLACEHOLDER} exactly once`);

export const judgeTemplate = z.strictObject({
  /** What people call it. */
  title: z.string().trim().min(1).max(200),
  /** What stands before the score in an answer; the last place counts. */
  label: z.string().trim().min(1).max(100),
  scale: scale.default({ lowest: 0, highest: 5 }),
  /** Of the prompt, not of the documents: JQL asks in English about every language. */
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:[_-][A-Za-z]{2,4})?$/, 'must be a language code such as en')
    .default('en'),
  /** `collapse` turns every run of white space into one space, as JQL does; `keep` is for code. */
  whitespace: z.enum(['collapse', 'keep']).default('collapse'),
  sampling: judgeSampling.default(defaultSampling),
  prompt,
});
export type JudgeTemplate = z.infer<typeof judgeTemplate>;
export type ScoreScale = JudgeTemplate['scale'];

/** Throws INVALID_INPUT that names the first field that is wrong. `name` is how people know the file. */
export function parseJudge(text: string, name: string): JudgeTemplate {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 20 });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw refusal(name, `it is not valid YAML: ${reason.replace(/:$/, '')}`, error);
  }
  const parsed = judgeTemplate.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const field = first?.path.join('.') || 'the file';
  throw refusal(name, `${field} ${lowerFirst(first?.message ?? 'is wrong')}`, parsed.error);
}

function refusal(name: string, reason: string, cause: unknown): StudioError {
  return new StudioError('INVALID_INPUT', `The judge ${name} cannot be used: ${reason}`, {
    hint: `A judge has a title, a label and a prompt with ${PLACEHOLDER} where the document goes`,
    cause,
  });
}

const lowerFirst = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/** As a file: every field, the prompt as a block of lines. */
export function judgeText(judge: JudgeTemplate): string {
  const { title, label, scale: range, language, whitespace, sampling, prompt: words } = judge;
  return stringify(
    { title, label, scale: range, language, whitespace, sampling, prompt: words },
    { blockQuote: 'literal', lineWidth: 0 },
  );
}
