// Questions of a team's own, out of rows whose columns have any of the usual names: which column is what, each row as a question, and the
// task file that asks them. Pure.
import { type JsonObject, objectOf } from '../reading/json-values.ts';

/** What the columns are taken for. */
export interface QuestionColumns {
  readonly question: string;
  /** A list, a record with `text` and `label`, or columns of a choice each; null where answers are written. */
  readonly choices: readonly string[] | null;
  readonly answer: string;
  /** Numbers of answers begin at 1. */
  readonly fromOne: boolean;
}

export interface OwnQuestion {
  readonly question: string;
  readonly choices: readonly string[] | null;
  /** A place among the choices, or what has to be written. */
  readonly answer: number | string;
}

/** In the order in which they are looked for: names of the data sets that lm-eval knows come with them. */
const QUESTIONS = [
  'question',
  'query',
  'prompt',
  'goal',
  'ctx',
  'context',
  'instruction',
  'input',
  'domanda',
  'start',
  'sentence',
  'text',
];
const CHOICES = ['choices', 'options', 'endings', 'ends', 'answers', 'scelte', 'risposte'];
const ANSWERS = [
  'answer',
  'gold',
  'label',
  'answerkey',
  'answer_key',
  'target',
  'correct',
  'answer_idx',
  'answer_index',
  'solution',
  'risposta',
];
/** `option_a`, `choice1`, `A`; a fourth of them in one data set is the usual. */
const ONE_CHOICE = /^(?:(?:option|choice|sol|ending|answer|scelta)[_ ]?)?([a-j]|\d)$/i;
/** What rows have besides that helps to look at their answers. */
const MAX_SAMPLED = 1000;

/** Null where no column can be the question, or none the answer. */
export function questionColumns(rows: readonly JsonObject[]): QuestionColumns | null {
  const names = [...new Set(rows.slice(0, MAX_SAMPLED).flatMap((row) => Object.keys(row)))];
  const byName = new Map(names.map((name) => [name.toLowerCase(), name]));
  const found = (wanted: readonly string[]) =>
    wanted.flatMap((name) => byName.get(name) ?? []).find((name) => rows.some((row) => row[name] != null)) ??
    null;
  const question = found(QUESTIONS);
  const answer = found(ANSWERS);
  if (question === null || answer === null) return null;
  const list = found(CHOICES);
  const single = names.filter((name) => name !== answer && name !== question && ONE_CHOICE.test(name));
  const choices = list !== null && list !== answer ? [list] : single.length > 1 ? single : null;
  const numbers = rows.flatMap((row) => numberIn(row[answer]) ?? []);
  const lengths = rows.flatMap((row) => (choices === null ? [] : [choicesOf(row, choices).texts.length]));
  const fromOne =
    choices !== null &&
    numbers.length === rows.length &&
    !numbers.includes(0) &&
    numbers.some((number, index) => number === lengths[index]);
  return { question, choices, answer, fromOne };
}

const numberIn = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value)
    ? value
    : typeof value === 'string' && /^\d{1,3}$/.test(value.trim())
      ? Number(value)
      : null;

function choicesOf(
  row: JsonObject,
  columns: readonly string[],
): { readonly texts: readonly string[]; readonly labels: readonly string[] } {
  const [only = ''] = columns;
  if (columns.length > 1) {
    const there = columns.filter((name) => row[name] != null && row[name] !== '');
    return {
      texts: there.map((name) => String(row[name])),
      labels: there.map((name) => ONE_CHOICE.exec(name)?.[1] ?? ''),
    };
  }
  const value = row[only];
  const record = objectOf(value);
  const list = Array.isArray(value) ? value : Array.isArray(record?.['text']) ? record['text'] : [];
  const labels = Array.isArray(record?.['label']) ? (record['label'] as readonly unknown[]).map(String) : [];
  return {
    texts: (list as readonly unknown[]).map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
    labels,
  };
}

/** The question of a row, or a sentence on what is wrong with it. */
export function ownQuestion(row: unknown, columns: QuestionColumns): OwnQuestion | string {
  const record = objectOf(row);
  if (record === null) return 'is no object with columns';
  const question = record[columns.question];
  if (typeof question !== 'string' || question.trim() === '') return `has no text in ${columns.question}`;
  const answer = record[columns.answer];
  if (answer === undefined || answer === null || answer === '') return `has nothing in ${columns.answer}`;
  if (columns.choices === null) {
    if (typeof answer === 'string') return { question, choices: null, answer };
    if (typeof answer === 'number' || typeof answer === 'boolean')
      return { question, choices: null, answer: String(answer) };
    return `has a list or an object in ${columns.answer}, not a text`;
  }
  const { texts, labels } = choicesOf(record, columns.choices);
  if (texts.length < 2)
    return `has ${texts.length === 0 ? 'no choices' : 'a single choice'} in ${columns.choices.join(', ')}`;
  if (texts.some((text) => text.trim() === '')) return 'has an empty choice';
  if (new Set(texts).size < texts.length) return 'has a choice twice';
  const place = placeOf(answer, texts, labels, columns.fromOne);
  if (place === null)
    return `has ${JSON.stringify(answer)} in ${columns.answer}, which is none of its ${texts.length} choices`;
  return { question, choices: texts, answer: place };
}

function placeOf(
  answer: unknown,
  texts: readonly string[],
  labels: readonly string[],
  fromOne: boolean,
): number | null {
  const text = typeof answer === 'string' ? answer.trim() : '';
  // A text that is a choice comes before a number that counts them.
  const places = [
    texts.indexOf(text),
    labels.findIndex((label) => text !== '' && label.toLowerCase() === text.toLowerCase()),
    (numberIn(answer) ?? -1) - (fromOne ? 1 : 0),
    /^[A-J]$/i.test(text) ? text.toUpperCase().charCodeAt(0) - 65 : -1,
  ];
  return places.find((place) => place >= 0 && place < texts.length) ?? null;
}

/** A row of the file that the task file below reads; what else the row says comes along. */
export function ownRow(row: JsonObject, { question, choices, answer }: OwnQuestion): JsonObject {
  return { ...row, question, ...(choices === null ? {} : { choices: [...choices] }), answer };
}

/** In lm-eval's format; `name` and `file` are plain. */
export function ownTaskYaml(task: {
  readonly name: string;
  readonly file: string;
  readonly hasChoices: boolean;
  readonly source: string;
}): string {
  const { name, file, hasChoices, source } = task;
  const asked = hasChoices
    ? [
        'output_type: multiple_choice',
        'test_split: test',
        'doc_to_text: "Question: {{question}}\\nAnswer:"',
        'doc_to_choice: "{{choices}}"',
        'doc_to_target: "{{answer}}"',
        'metric_list:',
        ...['acc', 'acc_norm'].flatMap((metric) => [
          `  - metric: ${metric}`,
          '    aggregation: mean',
          '    higher_is_better: true',
        ]),
      ]
    : [
        'output_type: generate_until',
        'test_split: test',
        'doc_to_text: "Question: {{question}}\\nAnswer:"',
        'doc_to_target: "{{answer}}"',
        'generation_kwargs:',
        '  until: ["\\n"]',
        '  max_gen_toks: 64',
        '  do_sample: false',
        'metric_list:',
        '  - metric: exact_match',
        '    aggregation: mean',
        '    higher_is_better: true',
        '    ignore_case: true',
        '    ignore_punctuation: true',
      ];
  return [
    `# Questions of ${JSON.stringify(source)}. Change how they are asked here; the rows are in ${file}.`,
    `task: ${name}`,
    'dataset_path: json',
    'dataset_kwargs:',
    '  data_files:',
    `    test: ${file}`,
    ...asked,
    'metadata:',
    '  version: 1.0',
    '',
  ].join('\n');
}

/** `Domande di Storia (2).jsonl` → `domande_di_storia_2`. */
export function taskNameOf(file: string): string {
  const stem = file.replace(/\.[^.]*$/, '').toLowerCase();
  const plain = stem
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9_]/g, '');
  return plain === '' ? 'own_questions' : plain;
}
