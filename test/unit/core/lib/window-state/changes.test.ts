// Changes of what windows remember: what they turn into what, and that two windows keep each other's.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type StateTree,
  stateChanges,
  withStateChanges,
} from '../../../../../core/lib/window-state/changes.ts';

const name = fc.constantFrom('a', 'b', 'configs/x.yaml', '__proto__', 'constructor', 'toString');
const leaf = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.integer()));
const inner = fc.oneof(leaf, fc.dictionary(name, leaf));
const tree: fc.Arbitrary<StateTree> = fc.dictionary(
  name,
  fc.oneof(inner, fc.dictionary(name, fc.oneof(inner, fc.dictionary(name, inner)))),
);
/** As it arrives in a file or at the other end of a connection. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('changes of a state', () => {
  it('turn one into the other, whatever the names are and also after a journey as JSON', () => {
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const made = withStateChanges(sent(before), sent(stateChanges(before, after)));
        expect(sent(made)).toEqual(sent(after));
      }),
      { numRuns: 40 },
    );
  });

  it('are none between equal states of shared parts', () => {
    const values = { drafts: { 'a.yaml': 'x' } };
    expect(stateChanges({ values, lastHash: null }, { values, lastHash: null })).toEqual([]);
  });

  it('name the text of one file alone, so that the texts of two windows are both kept', () => {
    const start = { values: { drafts: { 'a.yaml': 'a' } }, lastHash: '#/data' };
    const first = stateChanges(start, {
      ...start,
      values: { drafts: { ...start.values.drafts, 'b.yaml': 'of the first' } },
    });
    const second = stateChanges(start, {
      lastHash: '#/runs',
      values: { drafts: { 'c.yaml': 'of the second' } },
    });
    expect(first).toEqual([{ path: ['values', 'drafts', 'b.yaml'], value: 'of the first' }]);
    expect(withStateChanges(withStateChanges(start, first), second)).toEqual({
      lastHash: '#/runs',
      values: { drafts: { 'b.yaml': 'of the first', 'c.yaml': 'of the second' } },
    });
  });

  it('take nothing away that is not there, and reach nothing that every object has', () => {
    expect(withStateChanges({ a: 1 }, [{ path: ['b', 'c'] }, { path: ['a', 'x'] }])).toEqual({ a: 1 });
    withStateChanges({}, [{ path: ['__proto__', 'polluted'], value: true }]);
    expect('polluted' in {}).toBe(false);
  });
});
