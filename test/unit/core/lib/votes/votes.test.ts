import { describe, expect, test } from 'vitest';
import { sampling } from '../../../../../core/api/generation.ts';
import { toCsv, toMarkdown } from '../../../../../core/lib/figures/figure-table.ts';
import type { Vote, VoteChoice, VoteSide } from '../../../../../core/lib/votes/vote.ts';
import { sideOnLeft } from '../../../../../core/lib/votes/vote-order.ts';
import { votePromptsOf } from '../../../../../core/lib/votes/vote-prompts.ts';
import { voteResult } from '../../../../../core/lib/votes/vote-result.ts';
import {
  nextItem,
  parseVoter,
  type Voter,
  voteProgress,
  voteText,
} from '../../../../../core/lib/votes/vote-state.ts';
import { voteChoicesTable, voteSummaryTable } from '../../../../../core/lib/votes/vote-table.ts';

const side = (label: string): VoteSide => ({
  label,
  modelPath: `models/${label}.gguf`,
  modelKey: label,
  weightsSha256: null,
  quantization: 'F16',
  mode: 'chat',
  sampling: sampling.parse({}),
  systemPrompt: '',
  template: null,
});
const answer = (text: string) => ({ text, stopReason: 'end', tokens: 1 });
const vote = (items: number, change: Partial<Vote> = {}): Vote => ({
  version: 1,
  name: 'Pilot',
  createdMs: 0,
  seed: 7,
  source: null,
  sides: [side('old'), side('new')],
  items: Array.from({ length: items }, (_, index) => ({
    id: `p${index}`,
    messages: [{ role: 'user', text: 'Ciao' }],
    answers: [answer(`a${index}`), answer(`b${index}`)],
  })),
  unblinded: null,
  ...change,
});

/** What a person would have typed to prefer these sides: 0, 1, t(ie), s(kip), - (nothing). */
function voter(name: string, wishes: string, own: Vote): Voter {
  const lines = Array.from(wishes).flatMap((wish, index) => {
    const item = `p${index}`;
    const left = sideOnLeft(own.seed, item, name);
    const choice: VoteChoice | null =
      wish === 't'
        ? 'tie'
        : wish === 's'
          ? 'skip'
          : wish === '-'
            ? null
            : Number(wish) === left
              ? 'left'
              : 'right';
    return choice === null ? [] : [voteText({ item, choice, left, atMs: index })];
  });
  return parseVoter(name, lines.join(''));
}

describe('order', () => {
  test('is the same every time, and about half of the items have either side left', () => {
    const left = Array.from({ length: 4000 }, (_, index) => sideOnLeft(42, `item-${index}`, 'ada'));
    const again = Array.from({ length: 4000 }, (_, index) => sideOnLeft(42, `item-${index}`, 'ada'));
    expect(again).toEqual(left);
    const share = left.filter((one) => one === 0).length / left.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.04);
  });

  test('does not follow from the order of another voter, seed or the item before', () => {
    const order = (seed: number, name: string) =>
      Array.from({ length: 4000 }, (_, index) => sideOnLeft(seed, `item-${index}`, name));
    const same = (a: readonly number[], b: readonly number[]) =>
      a.filter((one, index) => one === b[index]).length / a.length;
    const ada = order(42, 'ada');
    for (const other of [order(42, 'bob'), order(43, 'ada'), [...ada.slice(1), 0]]) {
      expect(Math.abs(same(ada, other) - 0.5)).toBeLessThan(0.04);
    }
  });

  test('is part of the files of votes and may not change', () => {
    const order = Array.from({ length: 16 }, (_, index) => sideOnLeft(1, String(index + 1), 'ada')).join('');
    expect(order).toBe('0101000100010000');
  });
});

describe('where a voter goes on', () => {
  test('first what is open after here, then what was skipped, never what is waiting or the same', () => {
    const items = vote(5).items;
    const own = vote(5, {
      items: items.map((item, index) =>
        index === 1
          ? { ...item, answers: [answer('a'), null] }
          : index === 3
            ? { ...item, answers: [answer('Roma.'), answer(' Roma.\n')] }
            : item,
      ),
    });
    expect(nextItem(own, undefined, -1)).toBe(0);
    expect(nextItem(own, undefined, 0)).toBe(2);
    const ada = voter('ada', 's-0-1', own);
    expect(nextItem(own, ada, 2)).toBe(0);
    expect(nextItem(own, voter('ada', '0-0-1', own), -1)).toBeNull();
    expect(voteProgress(own, [ada])).toMatchObject({ items: 5, ready: 3, same: 1, waiting: 1 });
  });

  test('the last line of an item counts, and broken and strange lines are counted', () => {
    const text = [
      voteText({ item: 'p0', choice: 'left', left: 0, atMs: 1 }),
      '{"item":"p1","choi',
      '\n<<<<<<< HEAD\n',
      voteText({ item: 'p0', choice: 'right', left: 0, atMs: 2 }),
      voteText({ item: 'gone', choice: 'tie', left: 0, atMs: 3 }),
    ].join('');
    const ada = parseVoter('ada', text);
    expect(ada.choices.get('p0')?.choice).toBe('right');
    expect(voteProgress(vote(2), [ada]).voters[0]).toMatchObject({
      decided: 1,
      brokenLines: 2,
      strangeItems: 1,
      newestMs: 3,
    });
  });
});

describe('result', () => {
  const own = vote(10);
  const ada = voter('ada', '1111111100', own);
  const bob = voter('bob', '11111t0s--', own);

  test('wins are of sides, whatever stood left', () => {
    const result = voteResult(own, [ada, bob]);
    expect(result.voters[0]).toMatchObject({ voter: 'ada', first: 2, second: 8, ties: 0, skipped: 0 });
    // scipy.stats.binomtest(2, 10): p 0.109375, exact interval 0.0252 to 0.5561
    expect(result.voters[0]?.p).toBeCloseTo(0.109375, 9);
    expect(result.voters[0]?.low).toBeCloseTo(0.02521, 4);
    expect(result.voters[0]?.high).toBeCloseTo(0.5561, 4);
    expect(result.voters[1]).toMatchObject({ first: 1, second: 5, ties: 1, skipped: 1 });
    expect(result.total).toMatchObject({ first: 3, second: 13, ties: 1, skipped: 1 });
    // Of p5 one said tie and one second, of p6 one each: no majority.
    expect(result.byItem).toMatchObject({ first: 2, second: 6, ties: 2, skipped: 0 });
    expect(result.agreement.pairs).toEqual([{ left: 'ada', right: 'bob', items: 7, same: 5 }]);
    expect(result.decided).toBe(16);
  });

  test('without any choice says nothing', () => {
    const result = voteResult(own, []);
    expect(result.total).toMatchObject({ first: 0, second: 0, p: 1, share: null, low: 0, high: 1 });
    expect(result.byItem).toMatchObject({ first: 0, second: 0, ties: 0 });
    expect(result.agreement.krippendorff).toBeNull();
  });

  test('same answers are in no tally', () => {
    const items = own.items.map((item) => ({
      ...item,
      answers: [answer('x'), answer('x')] as [never, never],
    }));
    expect(voteResult({ ...own, items }, [ada])).toMatchObject({ sameAnswers: 10, decided: 0 });
  });

  test('as tables', () => {
    const result = voteResult(own, [ada, bob]);
    const markdown = toMarkdown(voteSummaryTable(result, ['old', 'new|er']));
    expect(markdown).toContain('new\\|er preferred');
    expect(markdown).toContain('| ada | 2 | 8 | 0 | 0 | 20 | 2.5 – 55.6 | 0.11 |');
    const csv = toCsv(voteChoicesTable(result, ['old', 'new, better']));
    expect(csv.split('\n')[1]).toBe('p0,ada,"new, better"');
    expect(csv.trim().split('\n')).toHaveLength(1 + 10 + 8);
  });
});

describe('prompts', () => {
  test('one a line, or JSON lines', () => {
    expect(
      votePromptsOf('Ciao\n\n  Come va?  \n').map(({ id, messages }) => [id, messages[0]?.text]),
    ).toEqual([
      ['1', 'Ciao'],
      ['2', 'Come va?'],
    ]);
    expect(votePromptsOf('{"id":"a","prompt":"Ciao"}\n{"text":"Hi"}')).toMatchObject([
      { id: 'a' },
      { id: '2' },
    ]);
  });

  test.each([
    ['nothing', '\n \n', /no prompt/],
    ['half a line', '{"prompt":"a"}\n{"prom', /Line 2 is not JSON/],
    ['another thing', '{"answer":"a"}', /Line 1 has no prompt/],
    ['an id twice', '{"id":"a","prompt":"x"}\n{"id":"a","prompt":"y"}', /called a/],
    ['too many', 'x\n'.repeat(2001), /more than/],
  ])('%s is refused', (_name, text, message) => {
    expect(() => votePromptsOf(text)).toThrow(message);
  });
});
