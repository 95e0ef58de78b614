// What follows from a vote and everybody's lines: where a voter goes on, what is ready to be voted on, who did how much.
import { parsePersonLines, type PersonLines } from '../annotations/person-lines.ts';
import { type Vote, type VoteChoice, type VoteItem, type VoteLine, voteLine } from './vote.ts';

export interface Voter {
  readonly voter: string;
  /** By item; the last line counts. */
  readonly choices: ReadonlyMap<string, VoteLine>;
  readonly brokenLines: number;
  readonly newestMs: number | null;
}

/** Never throws: lines that cannot be read are counted and left out. */
export function parseVoter(voter: string, text: string): Voter {
  const { lines, brokenLines, newestMs }: PersonLines<VoteLine> = parsePersonLines(text, voteLine);
  return { voter, choices: new Map(lines.map((line) => [line.item, line])), brokenLines, newestMs };
}

/** One line with its end; keys in a fixed order. */
export function voteText({ item, choice, left, atMs }: VoteLine): string {
  return `${JSON.stringify({ item, choice, left, atMs })}\n`;
}

/** `same`: both answered with the same text, which nobody needs to look at: a tie. */
export type ItemState = 'waiting' | 'ready' | 'same';

export function itemState({ answers: [a, b] }: VoteItem): ItemState {
  if (a === null || b === null) return 'waiting';
  return a.text.trim() === b.text.trim() ? 'same' : 'ready';
}

/**
 * Position of the item to go on with: the first ready one after `after` without a choice of this voter, then from the beginning, then
 * what was skipped. Null when nothing is left. `after` -1 starts at the beginning.
 */
export function nextItem(vote: Vote, voter: Voter | undefined, after: number): number | null {
  const count = vote.items.length;
  const start = Math.min(Math.max(after, -1), count - 1) + 1;
  const order = Array.from({ length: count }, (_, index) => (start + index) % count);
  const choiceAt = (position: number): VoteChoice | null =>
    voter?.choices.get(vote.items[position]?.id ?? '')?.choice ?? null;
  const isReady = (position: number): boolean => {
    const item = vote.items[position];
    return item !== undefined && itemState(item) === 'ready';
  };
  const open = order.find((position) => isReady(position) && choiceAt(position) === null);
  if (open !== undefined) return open;
  return order.find((position) => isReady(position) && choiceAt(position) === 'skip') ?? null;
}

export interface VoteProgress {
  readonly items: number;
  readonly ready: number;
  readonly same: number;
  /** Items whose answers are not made yet. */
  readonly waiting: number;
  readonly voters: readonly {
    readonly voter: string;
    readonly decided: number;
    readonly skipped: number;
    readonly brokenLines: number;
    /** Choices of items that are not part of the vote; they count nowhere. */
    readonly strangeItems: number;
    readonly newestMs: number | null;
  }[];
}

/** Says nothing about which side leads. */
export function voteProgress(vote: Vote, voters: readonly Voter[]): VoteProgress {
  const states = vote.items.map(itemState);
  const ids = new Set(vote.items.map(({ id }) => id));
  const count = (wanted: ItemState) => states.filter((state) => state === wanted).length;
  return {
    items: vote.items.length,
    ready: count('ready'),
    same: count('same'),
    waiting: count('waiting'),
    voters: voters.map(({ voter, choices, brokenLines, newestMs }) => {
      const own = [...choices.values()].filter(({ item }) => ids.has(item));
      const skipped = own.filter(({ choice }) => choice === 'skip').length;
      return {
        voter,
        decided: own.length - skipped,
        skipped,
        brokenLines,
        strangeItems: choices.size - own.length,
        newestMs,
      };
    }),
  };
}
