// The 25 kinds of instructions of IFEval (Zhou et al. 2023) and what each is given. Unknown kinds and missing values are named
// before anything is checked.
import { z } from 'zod';

const relation = z.enum(['less than', 'at least']);
const count = z.number().int().min(0);
const text = z.string().min(1);

/** The data set gives every instruction all keys, null where they are not its own; 0 counts as absent, as in the reference. */
export const instructionArguments = {
  'keywords:existence': z.object({ keywords: z.array(text).min(1) }),
  'keywords:frequency': z.object({ keyword: text, frequency: count, relation }),
  'keywords:forbidden_words': z.object({ forbidden_words: z.array(text).min(1) }),
  'keywords:letter_frequency': z.object({ letter: text, let_frequency: count, let_relation: relation }),
  'language:response_language': z.object({ language: text }),
  'length_constraints:number_sentences': z.object({ num_sentences: count, relation }),
  'length_constraints:number_paragraphs': z.object({ num_paragraphs: count }),
  'length_constraints:number_words': z.object({ num_words: count, relation }),
  'length_constraints:nth_paragraph_first_word': z.object({
    num_paragraphs: count,
    nth_paragraph: count,
    first_word: text,
  }),
  'detectable_content:number_placeholders': z.object({ num_placeholders: count }),
  'detectable_content:postscript': z.object({ postscript_marker: text }),
  'detectable_format:number_bullet_lists': z.object({ num_bullets: count }),
  'detectable_format:constrained_response': z.object({}),
  'detectable_format:number_highlighted_sections': z.object({ num_highlights: count }),
  'detectable_format:multiple_sections': z.object({ section_spliter: text, num_sections: count }),
  'detectable_format:json_format': z.object({}),
  'detectable_format:title': z.object({}),
  'combination:two_responses': z.object({}),
  'combination:repeat_prompt': z.object({ prompt_to_repeat: text }),
  'startend:end_checker': z.object({ end_phrase: text }),
  'startend:quotation': z.object({}),
  'change_case:capital_word_frequency': z.object({ capital_frequency: count, capital_relation: relation }),
  'change_case:english_capital': z.object({}),
  'change_case:english_lowercase': z.object({}),
  'punctuation:no_comma': z.object({}),
} as const;

export type InstructionKind = keyof typeof instructionArguments;
export type InstructionArguments<K extends InstructionKind> = z.infer<(typeof instructionArguments)[K]>;

export const instructionKinds = Object.keys(instructionArguments) as readonly InstructionKind[];

/** Translations of the benchmark name the two after their own language. */
const ALIASES: Readonly<Record<string, InstructionKind>> = {
  'change_case:italian_capital': 'change_case:english_capital',
  'change_case:italian_lowercase': 'change_case:english_lowercase',
};

/** Null for a kind that the benchmark does not have. */
export function instructionKind(id: string): InstructionKind | null {
  const plain = ALIASES[id] ?? id;
  return plain in instructionArguments ? (plain as InstructionKind) : null;
}

const prompt = z.object({
  key: z.union([z.number(), z.string()]).optional(),
  prompt: z.string(),
  instruction_id_list: z.array(z.string()).min(1),
  kwargs: z.array(z.record(z.string(), z.unknown()).nullable()),
});

/** One row of the benchmark; null for one that is none. */
export function readPrompt(row: unknown): IfevalPrompt | null {
  const parsed = prompt.safeParse(row);
  if (!parsed.success || parsed.data.kwargs.length !== parsed.data.instruction_id_list.length) return null;
  const { key, instruction_id_list: ids, kwargs, prompt: asked } = parsed.data;
  return {
    key: key === undefined ? null : String(key),
    prompt: asked,
    instructions: ids.map((id, index) => ({ id, given: present(kwargs[index] ?? {}) })),
  };
}

export interface IfevalPrompt {
  readonly key: string | null;
  readonly prompt: string;
  readonly instructions: readonly {
    readonly id: string;
    readonly given: Readonly<Record<string, unknown>>;
  }[];
}

function present(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== 0 && value !== ''),
  );
}
