// Every Nanotron rule: what makes it fire, where it points, what does not make it fire, and that its fix works.
import { describe, expect, it } from 'vitest';
import { RULE_CODES } from '../../../../../../core/lib/config/rules/all.ts';
import { MODEL_CASES } from './nanotron-model-cases.ts';
import { RUN_CASES } from './nanotron-run-cases.ts';
import { SCHEDULE_AND_DATA_CASES } from './nanotron-schedule-and-data-cases.ts';
import { changed, firing, fixed, ruleFindings, template } from './rule-cases.ts';

const CLEAN = template('zagreus-0.4B-ita');
const CASES = [...MODEL_CASES, ...SCHEDULE_AND_DATA_CASES, ...RUN_CASES];

it('has a case for every rule', () => {
  const tested = new Set(CASES.map((test) => test.code));
  const nanotron = RULE_CODES.filter((code) => !/^(trl-|axolotl-|warmup-twice)/.test(code));
  expect(nanotron.filter((code) => !tested.has(code))).toEqual([]);
});

describe('the clean template', () => {
  it('gets nothing but information', () => {
    expect(ruleFindings(CLEAN).filter((finding) => finding.severity !== 'info')).toEqual([]);
    expect(ruleFindings(CLEAN, { gpus: 64 }).filter((finding) => finding.severity !== 'info')).toEqual([]);
  });
});

describe.each(CASES)('$code: $because', (test) => {
  const text = changed(CLEAN, test.changes);
  const options = test.options ?? {};

  it('fires once at its place, with a reason', () => {
    const found = firing(test.code, text, options);
    expect(found.map((finding) => finding.severity)).toEqual([test.severity]);
    const [finding] = found;
    expect(finding?.reason?.length ?? 0).toBeGreaterThan(20);
    if (test.marks !== '') expect(text.slice(finding?.range.start, finding?.range.end)).toBe(test.marks);
  });

  it('stays silent otherwise', () => {
    const near = changed(CLEAN, test.unless ?? {});
    const found = firing(test.code, near, test.unlessOptions ?? {});
    expect(
      found.filter((finding) => test.unless !== undefined || finding.severity === test.severity),
    ).toEqual([]);
  });

  it(test.fixable ? 'is gone after its fix' : 'offers no fix', () => {
    if (!test.fixable) {
      expect(firing(test.code, text, options)[0]?.fix).toBeUndefined();
      return;
    }
    const after = fixed(text, test.code, options);
    expect(after).not.toBe(text);
    expect(firing(test.code, after, options)).toEqual([]);
  });
});
