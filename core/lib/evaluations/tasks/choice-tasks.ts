// Multiple-choice benchmarks as lm-evaluation-harness asks them: what a row of the data set becomes, the prompt, the choices. After
// its task definitions at 0.4.13. Pure: rows in, requests out.
import { objectOf, textAt } from '../reading/json-values.ts';
import { strip } from './python-text.ts';
import { capitalize } from './python-text.ts';

export interface ChoiceDocument {
  /** The row with what the task adds to it, as it stands in files of samples. */
  readonly row: Readonly<Record<string, unknown>>;
  readonly question: string;
  /** Without the space before them. */
  readonly choices: readonly string[];
  readonly gold: number;
  /** The right answer as files of samples name it. */
  readonly target: string;
}

export interface ChoiceTask {
  readonly name: string;
  readonly version: number;
  readonly metrics: readonly ('acc' | 'acc_norm')[];
  /** Before examples and question. */
  readonly description: string;
  /** Examples are the first of their file; null for tasks whose harness draws them at random. */
  readonly examples: 'first' | null;
  /** Null for a row that is none of this task. */
  documentOf(row: unknown): ChoiceDocument | null;
}

const LETTERS = ['A', 'B', 'C', 'D'] as const;
type Row = Readonly<Record<string, unknown>>;

/** Null for a name that is no task of this kind. */
export function choiceTask(name: string): ChoiceTask | null {
  if (/^m_mmlu_[a-z]{2}$/.test(name)) {
    return { name, version: 0, metrics: ['acc'], description: '', examples: 'first', documentOf: mMmlu };
  }
  const subject = /^mmlu_([a-z_]{3,})$/.exec(name)?.[1];
  if (subject !== undefined) {
    const description = `The following are multiple choice questions (with answers) about ${subject.replaceAll('_', ' ')}.\n\n`;
    return {
      name,
      version: 1,
      metrics: ['acc'],
      description,
      examples: 'first',
      // A file of all subjects is no mistake: the others are passed over.
      documentOf: (row) => (ofSubject(row, subject) ? mmlu(row) : null),
    };
  }
  const plain = { name, metrics: ['acc', 'acc_norm'] as const, description: '', examples: null };
  if (/^hellaswag(_[a-z]{2})?$/.test(name)) return { ...plain, version: 1, documentOf: hellaswag };
  if (/^arc_[a-z]{2}$/.test(name)) return { ...plain, version: 2, documentOf: mArc };
  if (name === 'arc_challenge' || name === 'arc_easy') return { ...plain, version: 1, documentOf: arc };
  return null;
}

export const CHOICE_TASK_NAMES =
  'm_mmlu_<language>, mmlu_<subject>, hellaswag, hellaswag_<language>, arc_<language>, arc_challenge, arc_easy';

const ofSubject = (row: unknown, subject: string): boolean => (textAt(row, 'subject') ?? subject) === subject;

const lettered = (question: string, options: readonly string[]): string =>
  `${strip(question)}\n${options.map((option, place) => `${LETTERS[place]}. ${option}`).join('\n')}\nAnswer:`;

function mMmlu(value: unknown): ChoiceDocument | null {
  const row = objectOf(value);
  const instruction = stringAt(row, 'instruction');
  const options = ['a', 'b', 'c', 'd'].map((letter) => stringAt(row, `option_${letter}`));
  const target = stringAt(row, 'answer');
  const gold = LETTERS.findIndex((letter) => letter === target);
  if (row === null || instruction === null || target === null || gold === -1 || !allText(options))
    return null;
  return { row, question: lettered(instruction, options), choices: LETTERS, gold, target };
}

function mmlu(value: unknown): ChoiceDocument | null {
  const row = objectOf(value);
  const question = stringAt(row, 'question');
  const options = textsAt(row, 'choices');
  const gold = row?.['answer'];
  if (row === null || question === null || options?.length !== 4 || !isPlace(gold, 4)) return null;
  return { row, question: lettered(question, options), choices: LETTERS, gold, target: String(gold) };
}

/** As both harness files of HellaSwag and that of the translated ARC clean their texts. */
export function prepared(text: string): string {
  return strip(text)
    .replaceAll(' [title]', '. ')
    .replaceAll(/\[[^\n]*?\]/g, '')
    .replaceAll('  ', ' ');
}

function hellaswag(value: unknown): ChoiceDocument | null {
  const row = objectOf(value);
  const label = stringAt(row, 'activity_label');
  const first = stringAt(row, 'ctx_a');
  const second = stringAt(row, 'ctx_b');
  const endings = textsAt(row, 'endings');
  const gold = Number(row?.['label']);
  if (row === null || label === null || first === null || second === null || endings === null) return null;
  if (row['label'] === '' || !isPlace(gold, endings.length)) return null;
  const question = prepared(`${label}: ${first} ${capitalize(second)}`);
  const choices = endings.map(prepared);
  return { row: { ...row, query: question, choices, gold }, question, choices, gold, target: String(gold) };
}

function mArc(value: unknown): ChoiceDocument | null {
  const row = objectOf(value);
  const instruction = stringAt(row, 'instruction');
  if (row === null || instruction === null) return null;
  // Options that are missing leave no gap for the letters of the others in the data set.
  const choices = ['a', 'b', 'c', 'd', 'e']
    .flatMap((letter) => textAt(row, `option_${letter}`) ?? [])
    .map(prepared);
  const gold = ['A', 'B', 'C', 'D', 'E'].indexOf(stringAt(row, 'answer') ?? '');
  if (!isPlace(gold, choices.length)) return null;
  const question = `Question: ${prepared(instruction)}\nAnswer:`;
  return { row: { ...row, query: question, choices, gold }, question, choices, gold, target: String(gold) };
}

function arc(value: unknown): ChoiceDocument | null {
  const row = objectOf(value);
  const question = stringAt(row, 'question');
  const choices = textsAt(objectOf(row?.['choices']), 'text');
  const labels = textsAt(objectOf(row?.['choices']), 'label');
  const gold = labels?.indexOf(stringAt(row, 'answerKey') ?? '') ?? -1;
  if (row === null || question === null || choices === null || !isPlace(gold, choices.length)) return null;
  return { row, question: `Question: ${question}\nAnswer:`, choices, gold, target: String(gold) };
}

function stringAt(row: Row | null, key: string): string | null {
  const value = row?.[key];
  return typeof value === 'string' ? value : null;
}

function textsAt(row: Row | null, key: string): readonly string[] | null {
  const value = row?.[key];
  return Array.isArray(value) && allText(value) ? value : null;
}

const allText = (values: readonly unknown[]): values is readonly string[] =>
  values.every((value) => typeof value === 'string');

const isPlace = (value: unknown, count: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < count;

/** What the harness puts between question and answer, and between examples. */
const TARGET_DELIMITER = ' ';
const EXAMPLE_DELIMITER = '\n\n';

export interface ChoiceRequest {
  readonly context: string;
  readonly continuation: string;
}

/** One request a choice; all have the same context. */
export function requestsOf(
  { description }: Pick<ChoiceTask, 'description'>,
  document: ChoiceDocument,
  examples: readonly ChoiceDocument[],
): readonly ChoiceRequest[] {
  const shown = examples.map(
    ({ question, choices, gold }) => question + TARGET_DELIMITER + (choices[gold] ?? '') + EXAMPLE_DELIMITER,
  );
  const context = description + shown.join('') + document.question;
  return document.choices.map((choice) => ({ context, continuation: TARGET_DELIMITER + choice }));
}
