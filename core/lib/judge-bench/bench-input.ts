// What the bench compares: people's scores and any number of sources of predictions, joined on document and language, never on
// the order of rows. Pure; knows no files.
import { StudioError } from '../../api/errors.ts';
import { languageKey } from '../datasets/language-codes.ts';
import type { Rating } from '../statistics/ratings.ts';

export interface TruthDocument {
  readonly id: string;
  /** As languageKey spells it; empty where the file names none. */
  readonly language: string;
  readonly score: number;
  /** Single ratings, where the file has them. */
  readonly ratings: readonly Rating[] | null;
  /** As the file counts them. */
  readonly tokens: number | null;
}

export interface PredictedDocument {
  readonly id: string;
  /** Null where the file names no language: the id alone decides. */
  readonly language: string | null;
  /** Null: no valid sample. */
  readonly score: number | null;
}

/** What the card of a head says; see the card itself for units. */
export interface HeadFacts {
  /** As languageKey spells them. */
  readonly trainLanguages: readonly string[];
  readonly trainDocuments: number;
  readonly epochs: number;
}

export interface PredictionSource {
  readonly name: string;
  readonly documents: readonly PredictedDocument[];
  readonly head: HeadFacts | null;
  /** Tokens of a document that the model read at most; null when nothing says so. */
  readonly maxLength: number | null;
}

export interface JoinedSource {
  readonly name: string;
  readonly head: HeadFacts | null;
  readonly maxLength: number | null;
  /** In the order of the truth; undefined where the source says nothing about the document, null where it is invalid. */
  readonly scores: readonly (number | null | undefined)[];
  /** Documents that people have not scored. */
  readonly withoutTruth: number;
}

const keyOf = (id: string, language: string): string => `${language}\u0000${id}`;

/** Throws INVALID_INPUT when a document is scored twice with different scores: which one is true cannot be known. */
export function requireUnique(documents: readonly TruthDocument[], name: string): void {
  const seen = new Map<string, TruthDocument>();
  for (const document of documents) {
    const key = keyOf(document.id, document.language);
    const other = seen.get(key);
    if (other && other.score !== document.score) {
      throw new StudioError(
        'INVALID_INPUT',
        `${name} has two scores for document ${document.id}${document.language === '' ? '' : ` in ${document.language}`}`,
        {
          hint: 'Every document and language needs one score; ratings of several people stand in a column annotator or a list',
        },
      );
    }
    seen.set(key, document);
  }
}

/** A later line about a document replaces an earlier one, as when a judgement was resumed. Throws INVALID_INPUT. */
export function joinSource(truth: readonly TruthDocument[], source: PredictionSource): JoinedSource {
  const hasLanguage = source.documents.some(({ language }) => language !== null);
  const truthLanguages = new Set(truth.map(({ language }) => language));
  const byLanguage = hasLanguage && !(truthLanguages.size === 1 && truthLanguages.has(''));
  if (!byLanguage && truthLanguages.size > 1) requireIdsOfOneLanguage(truth, source.name);
  const found = new Map<string, number | null>();
  for (const { id, language, score } of source.documents) {
    found.set(keyOf(id, byLanguage ? languageKey(language ?? '') : ''), score);
  }
  const used = new Set<string>();
  const scores = truth.map((document) => {
    const key = keyOf(document.id, byLanguage ? document.language : '');
    if (found.has(key)) used.add(key);
    return found.get(key);
  });
  const { name, head, maxLength } = source;
  if (used.size === 0) {
    throw new StudioError('INVALID_INPUT', `${name} has no document that people have scored`, {
      hint: 'Both need the same document ids, and the same languages where both name them',
    });
  }
  return { name, head, maxLength, scores, withoutTruth: found.size - used.size };
}

function requireIdsOfOneLanguage(truth: readonly TruthDocument[], name: string): void {
  const languages = new Map<string, string>();
  for (const { id, language } of truth) {
    const other = languages.get(id) ?? language;
    if (other !== language) {
      throw new StudioError(
        'INVALID_INPUT',
        `${name} names no language, but document ${id} is in ${other} and in ${language}`,
        {
          hint: 'Translations share an id: the predictions need a column language',
        },
      );
    }
    languages.set(id, language);
  }
}
