// A vote's result as tables: one to read in a paper, one with every choice.
import type { FigureTable } from '../figures/figure-table.ts';
import { type Tally, VOTE_CONFIDENCE, type VoteResult } from './vote-result.ts';

const P_COLUMN = 7;

/** One row a voter, then all choices, then items as most voters said. Shares in percent. */
export function voteSummaryTable(result: VoteResult, labels: readonly [string, string]): FigureTable {
  const percent = (share: number | null) => (share === null ? null : share * 100);
  const row = (name: string, tally: Tally) => [
    name,
    tally.first,
    tally.second,
    tally.ties,
    tally.skipped,
    percent(tally.share),
    tally.share === null ? null : `${(tally.low * 100).toFixed(1)} – ${(tally.high * 100).toFixed(1)}`,
    tally.p,
  ];
  return {
    header: [
      'Voter',
      `${labels[0]} preferred`,
      `${labels[1]} preferred`,
      'Ties',
      'Skipped',
      `${labels[0]} of decided (%)`,
      `${VOTE_CONFIDENCE * 100} % interval (%)`,
      'p (sign test)',
    ],
    rows: [
      ...result.voters.map((tally) => row(tally.voter, tally)),
      row('All choices', result.total),
      row('Items, by majority', result.byItem),
    ],
    format: (value, column) => {
      if (column === P_COLUMN) return pText(value);
      return Number.isInteger(value) ? String(value) : value.toFixed(1);
    },
  };
}

/** Two digits that mean something; tiny ones as a bound. */
export function pText(p: number): string {
  if (p < 0.0001) return '< 0.0001';
  return p < 0.01 ? p.toFixed(4) : p.toFixed(2);
}

/** One row an item and voter: for a spreadsheet. */
export function voteChoicesTable(result: VoteResult, labels: readonly [string, string]): FigureTable {
  const words = { first: labels[0], second: labels[1], tie: 'tie', skip: 'skipped' };
  return {
    header: ['Item', 'Voter', 'Preferred'],
    rows: result.items.flatMap(({ id, outcomes }) =>
      outcomes.map(({ voter, outcome }) => [id, voter, words[outcome]]),
    ),
  };
}
