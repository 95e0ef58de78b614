// One line of samples_*.jsonl of lm-eval as a person reads it: the prompt as it was sent, choices, what is right, what the model took
// or wrote, and what was cut out of it. From JSON alone; knows no files.
import { type JsonObject, numberOf, objectAt, objectOf, textAt } from '../reading/json-values.ts';
import { type EvaluationSample, readSample } from '../reading/read-sample.ts';
import { type MeasuredChoice, measuredChoice, normalised, type NormalisedChoice } from './normalisations.ts';

export interface Question {
  readonly id: number;
  readonly filter: string;
  readonly documentHash: string | null;
  /** As it was sent; null where the file does not say. */
  readonly prompt: string | null;
  readonly target: string;
  readonly choices: readonly (MeasuredChoice & {
    /** With what joins it to the prompt. */
    readonly sent: string;
    readonly isGreedy: boolean;
  })[];
  /** Place of the right choice; null where it cannot be told. */
  readonly gold: number | null;
  readonly picks: readonly NormalisedChoice[];
  /** What the model wrote, one a repetition; empty for likelihoods. */
  readonly written: readonly string[];
  /** What the filter cut out of it. */
  readonly extracted: string | null;
  readonly subject: string | null;
  readonly scores: ReadonlyMap<string, number>;
  /** Of the task's data set. */
  readonly document: JsonObject | null;
}

/** Null for a line that is no sample. */
export function readQuestion(value: unknown): Question | null {
  const sample = readSample(value);
  const line = objectOf(value);
  if (sample === null || line === null) return null;
  const document = objectAt(line, 'doc');
  const texts = choiceTexts(sample, document);
  const tokens = Array.isArray(line['choice_tokens']) ? (line['choice_tokens'] as readonly unknown[]) : [];
  const choices = sample.choices.map(({ text: sent, logLikelihood, isGreedy }, place) => ({
    ...measuredChoice(texts[place] ?? sent, logLikelihood, numberOf(tokens[place])),
    sent,
    isGreedy,
  }));
  const picks = normalised(choices);
  return {
    id: sample.id,
    filter: sample.filter,
    documentHash: sample.documentHash,
    prompt: sample.prompt,
    target: sample.target,
    choices,
    gold: goldOf(sample, document, { texts, picks }),
    picks,
    written: choices.length > 0 ? [] : writtenOf(line['resps']),
    extracted: sample.answer,
    subject: subjectOf(document),
    scores: sample.scores,
    document,
  };
}

/** lm-eval divides by the length of the choice as the task has it: without the space that joins it to the question. */
function choiceTexts({ choices }: EvaluationSample, document: JsonObject | null): readonly string[] {
  const own = documentChoices(document);
  return choices.map(({ text }, place) => {
    const known = own?.length === choices.length ? own[place] : undefined;
    if (known !== undefined && text.endsWith(known)) return known;
    return text.startsWith(' ') ? text.slice(1) : text;
  });
}

function documentChoices(document: JsonObject | null): readonly string[] | null {
  const found =
    document?.['choices'] ?? document?.['endings'] ?? document?.['options'] ?? document?.['mc1_targets'];
  const list = Array.isArray(found) ? found : (objectOf(found)?.['text'] ?? objectOf(found)?.['choices']);
  return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : null;
}

/** A letter, a place or a text: what agrees with the score that the harness gave. */
function goldOf(
  sample: EvaluationSample,
  document: JsonObject | null,
  { texts, picks }: { readonly texts: readonly string[]; readonly picks: readonly NormalisedChoice[] },
): number | null {
  if (texts.length === 0) return null;
  const { target, scores } = sample;
  const plain = target.trim();
  const candidates = [
    numberOf(document?.['gold']) ?? numberOf(document?.['gold_index']),
    /^\d{1,3}$/.test(plain) ? Number(plain) : null,
    texts.findIndex((text) => text.trim() === plain),
    /^[A-Z]$/.test(plain) ? plain.charCodeAt(0) - 65 : null,
  ].filter(
    (place): place is number =>
      place !== null && Number.isInteger(place) && place >= 0 && place < texts.length,
  );
  const score = scores.get('acc');
  const pick = picks[0]?.pick ?? null;
  if ((score !== 0 && score !== 1) || pick === null) return candidates[0] ?? null;
  return candidates.find((place) => (place === pick) === (score === 1)) ?? (score === 1 ? pick : null);
}

function writtenOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? (value as readonly unknown[]).flatMap(writtenOf) : [];
}

/** What benchmarks call it, the usual first. */
const SUBJECT_KEYS = [
  'subject',
  'category',
  'topic',
  'domain',
  'activity_label',
  'type',
  'exam',
  'discipline',
];
/** Longer texts are no name of a subject. */
const MAX_SUBJECT = 80;

function subjectOf(document: JsonObject | null): string | null {
  for (const key of SUBJECT_KEYS) {
    const found = textAt(document, key);
    if (found !== null && found.length <= MAX_SUBJECT) return found;
  }
  return null;
}
