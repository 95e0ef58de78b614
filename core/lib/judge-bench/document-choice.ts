// Which documents stand behind a mark of the bench's figures: a cell of a confusion, a bar of people's scores, of their spread or of
// lengths, a point of a threshold curve. As links carry it, as a sentence, and applied. Pure.
import { z } from 'zod';
import { ratingClass } from '../statistics/classification.ts';
import { type Rating, ratingSpread } from '../statistics/ratings.ts';

const ratingClasses = z.number().int().min(0).max(5);

export const documentChoice = z.discriminatedUnion('kind', [
  /** Classes of people and of the source; null stands for any. */
  z.object({
    kind: z.literal('class'),
    people: ratingClasses.nullable(),
    source: z.union([ratingClasses, z.literal('invalid')]).nullable(),
  }),
  /** The source's own score, not its class. */
  z.object({ kind: z.literal('at-least'), score: ratingClasses }),
  /** Highest minus lowest rating of people; documents with one rating have none. */
  z.object({ kind: z.literal('spread'), atMost: ratingClasses }),
  /** From `from` to below `to`, as the file counts them; null: however many. */
  z.object({ kind: z.literal('tokens'), from: z.number().min(0), to: z.number().min(0).nullable() }),
]);
export type DocumentChoice = z.infer<typeof documentChoice>;

export interface ChosenDocument {
  readonly score: number;
  readonly ratings: readonly Rating[] | null;
  readonly tokens: number | null;
  /** Null: no valid sample; undefined: the source says nothing, or there is none. */
  readonly prediction: number | null | undefined;
}

export function isChosen(document: ChosenDocument, choice: DocumentChoice): boolean {
  const { score, ratings, tokens, prediction } = document;
  switch (choice.kind) {
    case 'class': {
      if (choice.people !== null && ratingClass(score) !== choice.people) return false;
      if (choice.source === null) return true;
      if (prediction === undefined) return false;
      return choice.source === 'invalid'
        ? prediction === null
        : prediction !== null && ratingClass(prediction) === choice.source;
    }
    case 'at-least':
      return typeof prediction === 'number' && prediction >= choice.score;
    case 'spread': {
      const valid = ratings?.filter((rating) => rating !== null) ?? [];
      return valid.length >= 2 && (ratingSpread(valid) ?? 0) <= choice.atMost;
    }
    case 'tokens':
      return tokens !== null && tokens >= choice.from && (choice.to === null || tokens < choice.to);
  }
}

/** `class 3 invalid`, `at-least 4`, `spread 1`, `tokens 64 76`; a dash stands for any class. */
export function choiceText(choice: DocumentChoice): string {
  switch (choice.kind) {
    case 'class':
      return `class ${choice.people ?? '-'} ${choice.source ?? '-'}`;
    case 'at-least':
      return `at-least ${choice.score}`;
    case 'spread':
      return `spread ${choice.atMost}`;
    case 'tokens':
      return `tokens ${choice.from} ${choice.to ?? '-'}`;
  }
}

/** Null for what is none. */
export function readChoice(text: string | null): DocumentChoice | null {
  const [kind, first = '', second = ''] = text?.split(' ') ?? [];
  const number = (word: string): unknown => (word === '' ? undefined : Number(word));
  const classOf = (word: string): unknown => (word === '-' ? null : word === 'invalid' ? word : number(word));
  const raw =
    kind === 'class'
      ? { kind, people: classOf(first), source: classOf(second) }
      : kind === 'at-least'
        ? { kind, score: number(first) }
        : kind === 'spread'
          ? { kind, atMost: number(first) }
          : { kind, from: number(first), to: second === '-' ? null : number(second) };
  return documentChoice.safeParse(raw).data ?? null;
}

/** `source`: the name of a judge or head. */
export function choiceSentence(choice: DocumentChoice, source: string | null): string {
  const name = source ?? 'the source';
  switch (choice.kind) {
    case 'class': {
      const people = choice.people === null ? null : `people: ${choice.people}`;
      const own =
        choice.source === null
          ? null
          : choice.source === 'invalid'
            ? `${name}: no valid score`
            : `${name}: ${choice.source}`;
      return [people, own].filter((part) => part !== null).join(', ');
    }
    case 'at-least':
      return `${name}: ${choice.score} or more`;
    case 'spread':
      return `ratings of people at most ${choice.atMost} apart`;
    case 'tokens':
      return choice.to === null
        ? `${choice.from} tokens or more`
        : `${choice.from} to ${Math.max(choice.from, choice.to - 1)} tokens`;
  }
}
