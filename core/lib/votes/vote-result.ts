// Who won a blind vote, how sure that is, and how far the voters agree. For votes that are not blind any more.
import { krippendorffAlpha } from '../statistics/agreement.ts';
import { clopperPearson, signTest } from '../statistics/binomial.ts';
import type { Vote, VoteLine } from './vote.ts';
import { itemState, type Voter } from './vote-state.ts';

/** `first` and `second` in the order of the vote's sides. */
export type Outcome = 'first' | 'second' | 'tie' | 'skip';

/** Of the intervals. */
export const VOTE_CONFIDENCE = 0.95;

export interface Tally {
  readonly first: number;
  readonly second: number;
  readonly ties: number;
  readonly skipped: number;
  /** Two-sided exact sign test on what was decided, ties left out; 1 when nothing was. */
  readonly p: number;
  /** Share of the decided ones that the first side won; null when nothing was decided. */
  readonly share: number | null;
  /** Clopper-Pearson interval of that share. */
  readonly low: number;
  readonly high: number;
}

export interface VoteResult {
  /** Every choice counts once. Choices of several people on one item hang together: with more than one voter see `items`. */
  readonly total: Tally;
  /** Every item counts once, as most of its voters said; a draw among them is a tie. */
  readonly byItem: Tally;
  readonly voters: readonly (Tally & { readonly voter: string })[];
  /** Both sides said the same; nobody was asked, and they are part of no tally. */
  readonly sameAnswers: number;
  /** How often the side that stood left was preferred, of `decided`: far from a half is a habit of the eye. */
  readonly left: number;
  readonly decided: number;
  readonly agreement: {
    /** Krippendorff's alpha, nominal, over first, second and tie; null where nothing can be compared. */
    readonly krippendorff: number | null;
    readonly pairs: readonly {
      readonly left: string;
      readonly right: string;
      /** Items both said something about, skips left out. */
      readonly items: number;
      readonly same: number;
    }[];
  };
  readonly items: readonly {
    readonly id: string;
    readonly outcomes: readonly { readonly voter: string; readonly outcome: Outcome }[];
  }[];
}

export function outcomeOf({ choice, left }: VoteLine): Outcome {
  if (choice === 'tie' || choice === 'skip') return choice;
  const winner = choice === 'left' ? left : 1 - left;
  return winner === 0 ? 'first' : 'second';
}

export function tallyOf(outcomes: readonly Outcome[]): Tally {
  const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
  const first = count('first');
  const second = count('second');
  const decided = first + second;
  return {
    first,
    second,
    ties: count('tie'),
    skipped: count('skip'),
    p: signTest(first, second),
    share: decided === 0 ? null : first / decided,
    ...clopperPearson(first, decided, VOTE_CONFIDENCE),
  };
}

/** What most said, skips left out; null where nobody said anything. */
function majority(outcomes: readonly Outcome[]): Outcome | null {
  const said = outcomes.filter((outcome) => outcome !== 'skip');
  if (said.length === 0) return outcomes.length === 0 ? null : 'skip';
  const first = said.filter((outcome) => outcome === 'first').length;
  const second = said.filter((outcome) => outcome === 'second').length;
  const ties = said.length - first - second;
  if (first > second && first > ties) return 'first';
  return second > first && second > ties ? 'second' : 'tie';
}

export function voteResult(vote: Vote, voters: readonly Voter[]): VoteResult {
  const asked = vote.items.filter((item) => itemState(item) === 'ready');
  const items = asked.map(({ id }) => ({
    id,
    lines: voters.flatMap(({ voter, choices }) => {
      const line = choices.get(id);
      return line === undefined ? [] : [{ voter, line, outcome: outcomeOf(line) }];
    }),
  }));
  const all = items.flatMap(({ lines }) => lines);
  const decided = all.filter(({ line }) => line.choice === 'left' || line.choice === 'right');
  const alpha = krippendorffAlpha(
    items.map(({ lines }) =>
      voters.map(({ voter }) => code(lines.find((one) => one.voter === voter)?.outcome)),
    ),
    'nominal',
  );
  return {
    total: tallyOf(all.map(({ outcome }) => outcome)),
    byItem: tallyOf(items.flatMap(({ lines }) => majority(lines.map(({ outcome }) => outcome)) ?? [])),
    voters: voters.map(({ voter }) => ({
      voter,
      ...tallyOf(all.filter((one) => one.voter === voter).map(({ outcome }) => outcome)),
    })),
    sameAnswers: vote.items.filter((item) => itemState(item) === 'same').length,
    left: decided.filter(({ line }) => line.choice === 'left').length,
    decided: decided.length,
    agreement: { krippendorff: Number.isNaN(alpha) ? null : alpha, pairs: pairsOf(items, voters) },
    items: items.map(({ id, lines }) => ({
      id,
      outcomes: lines.map(({ voter, outcome }) => ({ voter, outcome })),
    })),
  };
}

function code(outcome: Outcome | undefined): number | null {
  if (outcome === undefined || outcome === 'skip') return null;
  return { first: 0, second: 1, tie: 2 }[outcome];
}

function pairsOf(
  items: readonly { readonly lines: readonly { readonly voter: string; readonly outcome: Outcome }[] }[],
  voters: readonly Voter[],
): VoteResult['agreement']['pairs'] {
  const said = (lines: (typeof items)[number]['lines'], voter: string) => {
    const outcome = lines.find((one) => one.voter === voter)?.outcome;
    return outcome === 'skip' ? undefined : outcome;
  };
  return voters.flatMap(({ voter: left }, index) =>
    voters.slice(index + 1).map(({ voter: right }) => {
      const both = items.flatMap(({ lines }) => {
        const own = said(lines, left);
        const other = said(lines, right);
        return own === undefined || other === undefined ? [] : [own === other];
      });
      return { left, right, items: both.length, same: both.filter(Boolean).length };
    }),
  );
}
