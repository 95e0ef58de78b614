// Scores of answers by IFEval: strictly as written, loosely in eight versions, by prompt and by instruction. Pure.
import {
  type InstructionArguments,
  type InstructionKind,
  type IfevalPrompt,
  instructionArguments,
  instructionKind,
} from './instructions.ts';
import { plainLanguage } from './language.ts';
import { type Rule, rules, type RuleTools } from './rules.ts';

export interface InstructionVerdict {
  readonly id: string;
  readonly strict: boolean;
  readonly loose: boolean;
  /** Why the rule could not be asked; it counts as not followed then. */
  readonly problem: string | null;
}

export interface AnswerVerdict {
  readonly key: string | null;
  readonly instructions: readonly InstructionVerdict[];
  /** All of them. */
  readonly strict: boolean;
  readonly loose: boolean;
}

/**
 * An answer may begin with "Sure, here is …" and end with a remark, and stress words with stars: loosely, one of the versions
 * without first line, without last line, without both, each with and without stars, has to follow.
 */
export function looseVersions(answer: string): readonly string[] {
  const lines = answer.split('\n');
  const cut = [
    answer,
    lines.slice(1).join('\n').trim(),
    lines.slice(0, -1).join('\n').trim(),
    lines.slice(1, -1).join('\n').trim(),
  ];
  return [...cut, ...cut.map((version) => version.replaceAll('*', ''))];
}

export function checkAnswer(prompt: IfevalPrompt, answer: string, tools: RuleTools): AnswerVerdict {
  const versions = [...new Set(looseVersions(answer))].filter((version) => version.trim() !== '');
  const instructions = prompt.instructions.map(({ id, given }): InstructionVerdict => {
    const kind = instructionKind(id);
    if (kind === null) return unchecked(id, 'IFEval has no such instruction');
    // Some prompts say what to repeat by being it.
    const values =
      kind === 'combination:repeat_prompt' ? { prompt_to_repeat: prompt.prompt, ...given } : given;
    const parsed = instructionArguments[kind].safeParse(values);
    if (!parsed.success) {
      const missing = parsed.error.issues.map(({ path }) => path.join('.'));
      return unchecked(id, `It needs ${[...new Set(missing)].join(', ')}`);
    }
    const problem = languageProblem(kind, values, tools);
    if (problem !== null) return unchecked(id, problem);
    const follows = (text: string) => apply(kind, text, parsed.data, tools);
    return {
      id,
      strict: answer.trim() !== '' && follows(answer),
      loose: versions.some(follows),
      problem: null,
    };
  });
  return {
    key: prompt.key,
    instructions,
    strict: instructions.every(({ strict }) => strict),
    loose: instructions.every(({ loose }) => loose),
  };
}

const unchecked = (id: string, problem: string): InstructionVerdict => ({
  id,
  strict: false,
  loose: false,
  problem,
});

/** Kind and values were matched by the schema of that kind. */
function apply<K extends InstructionKind>(
  kind: K,
  answer: string,
  given: unknown,
  tools: RuleTools,
): boolean {
  const rule: Rule<K> = rules[kind];
  return rule(answer, given as InstructionArguments<K>, tools);
}

function languageProblem(
  kind: InstructionKind,
  values: Readonly<Record<string, unknown>>,
  { languages }: RuleTools,
): string | null {
  if (kind !== 'language:response_language') return null;
  const code = String(values['language']);
  return languages.knows(plainLanguage(code)) ? null : `The language ${code} cannot be told`;
}

export interface IfevalScores {
  readonly prompts: number;
  readonly instructions: number;
  readonly prompt_level_strict_acc: number;
  readonly inst_level_strict_acc: number;
  readonly prompt_level_loose_acc: number;
  readonly inst_level_loose_acc: number;
  /** Of the two values over prompts; over instructions none is printed, for those of one prompt are not independent. */
  readonly prompt_level_strict_acc_stderr: number | null;
  readonly prompt_level_loose_acc_stderr: number | null;
  readonly kinds: readonly {
    readonly id: string;
    readonly count: number;
    readonly strict: number;
    readonly loose: number;
  }[];
  readonly unchecked: number;
}

export function ifevalScores(verdicts: readonly AnswerVerdict[]): IfevalScores {
  const all = verdicts.flatMap(({ instructions }) => instructions);
  const share = <T>(values: readonly T[], passes: (value: T) => boolean) =>
    values.length === 0 ? Number.NaN : values.filter(passes).length / values.length;
  const error = (mean: number) =>
    verdicts.length < 2 ? null : Math.sqrt((mean * (1 - mean)) / (verdicts.length - 1));
  const strict = share(verdicts, (one) => one.strict);
  const loose = share(verdicts, (one) => one.loose);
  const ids = [...new Set(all.map(({ id }) => id))].toSorted();
  return {
    prompts: verdicts.length,
    instructions: all.length,
    prompt_level_strict_acc: strict,
    inst_level_strict_acc: share(all, (one) => one.strict),
    prompt_level_loose_acc: loose,
    inst_level_loose_acc: share(all, (one) => one.loose),
    prompt_level_strict_acc_stderr: error(strict),
    prompt_level_loose_acc_stderr: error(loose),
    kinds: ids.map((id) => {
      const own = all.filter((one) => one.id === id);
      return {
        id,
        count: own.length,
        strict: own.filter((one) => one.strict).length,
        loose: own.filter((one) => one.loose).length,
      };
    }),
    unchecked: all.filter(({ problem }) => problem !== null).length,
  };
}
