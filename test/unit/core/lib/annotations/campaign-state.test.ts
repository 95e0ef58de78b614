import { describe, expect, it } from 'vitest';
import type { Campaign, Mark } from '../../../../../core/lib/annotations/campaign.ts';
import { fileSafeName } from '../../../../../core/lib/annotations/campaign.ts';
import { documentsOfSpread, reportCampaign } from '../../../../../core/lib/annotations/campaign-report.ts';
import {
  type Annotator,
  annotatorProgress,
  isRevealed,
  nextPosition,
} from '../../../../../core/lib/annotations/campaign-state.ts';
import { ratings } from '../statistics/golden.ts';

const campaignOf = (count: number, change: Partial<Campaign> = {}): Campaign => ({
  version: 1,
  name: 'Test',
  dataset: 'data/a.jsonl',
  idColumn: 'id',
  textColumn: 'text',
  seed: 1,
  stratifiedBy: null,
  overlap: 2,
  blind: true,
  guideline: '',
  createdMs: 0,
  documents: Array.from({ length: count }, (_, row) => ({ id: `d${row}`, row })),
  ...change,
});

/** `1`–`5` rates, `f` flags, `s` skips, `-` leaves open; one sign a document. */
function person(annotator: string, signs: string): Annotator {
  const markOf = (sign: string): Mark =>
    sign === 'f'
      ? { kind: 'flag' }
      : sign === 's'
        ? { kind: 'skip' }
        : { kind: 'rating', rating: Number(sign) };
  const marks = new Map(
    Array.from(signs).flatMap((sign, index) => (sign === '-' ? [] : [[`d${index}`, markOf(sign)] as const])),
  );
  return { annotator, marks, brokenLines: 0, newestMs: null };
}

describe('where an annotator goes on', () => {
  it('takes the first open document after the given one, then from the beginning', () => {
    const people = [person('ann', '3--2-')];
    expect(nextPosition(campaignOf(5), people, 'ann', -1)).toBe(1);
    expect(nextPosition(campaignOf(5), people, 'ann', 2)).toBe(4);
    expect(nextPosition(campaignOf(5), people, 'ann', 4)).toBe(1);
    expect(nextPosition(campaignOf(5), people, 'somebody-new', -1)).toBe(0);
  });

  it('brings skipped documents back at the end, never flagged ones', () => {
    expect(nextPosition(campaignOf(3), [person('ann', 's1f')], 'ann', 2)).toBe(0);
    expect(nextPosition(campaignOf(3), [person('ann', '01f')], 'ann', 2)).toBeNull();
  });

  it('leaves out documents that have all ratings they are to get', () => {
    const people = [person('ann', '11--'), person('ben', '2f--')];
    expect(nextPosition(campaignOf(4), people, 'eve', -1)).toBe(1);
  });
});

describe('blind campaigns', () => {
  it('show ratings of others from the wanted overlap on', () => {
    const people = [person('ann', '11'), person('ben', '2-')];
    expect(isRevealed(campaignOf(2), 'd0', people)).toBe(true);
    expect(isRevealed(campaignOf(2), 'd1', people)).toBe(false);
    expect(isRevealed(campaignOf(2, { blind: false }), 'd1', people)).toBe(true);
  });

  it('keep documents that are not complete out of the report, not out of its statistics', () => {
    const people = [person('ann', '105'), person('ben', '5-0'), person('eve', '3--')];
    const report = reportCampaign(campaignOf(3, { overlap: 3 }), people);
    expect(report.comparedDocuments).toBe(2);
    expect(report.hiddenDocuments).toBe(2);
    expect(report.mostContested.map(({ document }) => document)).toEqual(['d0']);
    expect(report.aggregated).toEqual([{ document: 'd0', rating: 3 }]);
    const open = reportCampaign(campaignOf(3, { overlap: 3, blind: false }), people);
    expect(open.mostContested.map(({ document }) => document)).toEqual(['d2', 'd0']);
    expect(open.hiddenDocuments).toBe(0);
  });
});

describe('documents behind a bar of the spread', () => {
  it('are those that are at most so far apart, but what is hidden stays so', () => {
    // d0: 1, 5, 3. d1: 0 alone. d2: 5, 0 of three.
    const people = [person('ann', '105'), person('ben', '5-0'), person('eve', '3--')];
    const blind = campaignOf(3, { overlap: 3 });
    const all = { atMost: 5, limit: 10 };
    expect(documentsOfSpread(blind, people, all)).toMatchObject({
      total: 2,
      hidden: 1,
      annotators: ['ann', 'ben', 'eve'],
      documents: [{ document: 'd0', position: 0, spread: 4, ratings: [1, 5, 3] }],
    });
    const open = campaignOf(3, { overlap: 3, blind: false });
    expect(documentsOfSpread(open, people, all).documents.map(({ document }) => document)).toEqual([
      'd0',
      'd2',
    ]);
    expect(documentsOfSpread(open, people, { atMost: 4, limit: 10 })).toMatchObject({ total: 1, hidden: 0 });
    expect(documentsOfSpread(open, people, { atMost: 5, limit: 1 }).documents).toHaveLength(1);
    expect(documentsOfSpread(open, people, { atMost: 3, limit: 10 }).documents).toEqual([]);
  });
});

describe('a report', () => {
  it('has the values of the golden fixture', () => {
    const names = ['one', 'two', 'three'];
    const people = names.map((name, rater) =>
      person(name, ratings.map((own) => String(own[rater])).join('')),
    );
    const report = reportCampaign(campaignOf(10, { overlap: 3 }), people);
    expect(report.krippendorff.ordinal).toBeCloseTo(0.7518866466, 9);
    expect(report.krippendorff.interval).toBeCloseTo(0.7275574113, 9);
    expect(report.fleiss.kappa).toBeCloseTo(0.3351800554, 9);
    expect(report.completeDocuments).toBe(10);
  });

  it('lists flags with their place and counts marks of foreign documents nowhere', () => {
    const people = [person('ann', 'f2'), person('ben', '1f4')];
    const report = reportCampaign(campaignOf(2), people);
    expect(report.flagged).toEqual([
      { document: 'd0', position: 0, annotators: ['ann'] },
      { document: 'd1', position: 1, annotators: ['ben'] },
    ]);
    expect(report.ratings).toBe(2);
    const [, ben] = people;
    if (!ben) throw new Error('Nobody is there');
    expect(annotatorProgress(campaignOf(2), ben)).toMatchObject({
      rated: 1,
      flagged: 1,
      strangeDocuments: 1,
    });
  });
});

describe('names', () => {
  it('are file names on every system', () => {
    for (const name of ['ann', 'a', 'anna.b-2_c', '0'])
      expect(fileSafeName.safeParse(name).success, name).toBe(true);
    for (const name of ['', 'Ann', '../a', 'a/b', '.a', 'a.', 'con', 'com1.x', 'ä', 'a b', 'a'.repeat(65)])
      expect(fileSafeName.safeParse(name).success, name).toBe(false);
  });
});
