// IFEval's instructions of one question: which were followed, by the rules of the studio where the file has no list.
import type { AnsweredQuestion } from '../../../api/evaluation-questions.ts';
import { readPrompt } from '../../../lib/evaluations/ifeval/instructions.ts';
import { checkAnswer } from '../../../lib/evaluations/ifeval/score.ts';
import type { Question } from '../../../lib/evaluations/questions/read-question.ts';
import { languageDoubt, loadLanguageIdentifier } from './language-identifier.ts';

/** Their rules ask which language the answer is in. */
const OF_LANGUAGE: ReadonlySet<string> = new Set([
  'language:response_language',
  'change_case:english_capital',
  'change_case:english_lowercase',
]);

/** Empty for questions without instructions. */
export async function followedInstructions(
  { document, written }: Question,
  task: string,
): Promise<AnsweredQuestion['instructions']> {
  const prompt = readPrompt(document);
  if (prompt === null) return [];
  const given = prompt.instructions.map(({ id, given: values }) => ({
    id,
    given: Object.entries(values)
      .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(', '),
  }));
  const [answer] = written;
  if (answer === undefined) return given.map((one) => ({ ...one, strict: null, loose: null, note: null }));
  const language = /[-_]ita?$/.test(task) ? 'it' : 'en';
  const tools = { language, languages: await loadLanguageIdentifier() } as const;
  const { instructions } = checkAnswer(prompt, answer, tools);
  const doubt = given.some(({ id }) => OF_LANGUAGE.has(id)) ? await languageDoubt(answer) : null;
  return given.map((one, place) => {
    const verdict = instructions[place];
    const isKnown = verdict !== undefined && verdict.problem === null;
    return {
      ...one,
      strict: isKnown ? verdict.strict : null,
      loose: isKnown ? verdict.loose : null,
      note: isKnown ? (OF_LANGUAGE.has(one.id) ? doubt : null) : (verdict?.problem ?? null),
    };
  });
}
