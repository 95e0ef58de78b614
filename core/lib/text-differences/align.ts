// Two lists of comparable units beside each other: where they part, and which units of each the other does not have.
import { diffArrays } from 'diff';

/** More edits than this take seconds to find, and nobody reads such a difference unit by unit. */
const MAX_EDITS = 2000;

export interface Alignment {
  /** Units equal at the beginning of both: the first that differs has this index. Null when the lists are equal. */
  readonly partsAt: number | null;
  /** One entry a unit: is it missing in the other list, in this order? */
  readonly onlyLeft: readonly boolean[];
  readonly onlyRight: readonly boolean[];
  /** False when the lists are too different to be compared unit by unit; then all between equal ends counts. */
  readonly isExact: boolean;
}

/** A list that is the beginning of the other parts from it where it ends. */
export function align<Unit extends string | number>(
  left: readonly Unit[],
  right: readonly Unit[],
): Alignment {
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head += 1;
  const none = (list: readonly Unit[]) => list.map(() => false);
  if (head === left.length && head === right.length) {
    return { partsAt: null, onlyLeft: none(left), onlyRight: none(right), isExact: true };
  }
  let tail = 0;
  while (tail < shorter - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  const middle = <T>(list: readonly T[]) => list.slice(head, list.length - tail);
  const changes = diffArrays(middle(left), middle(right), { maxEditLength: MAX_EDITS });
  const onlyLeft = none(left);
  const onlyRight = none(right);
  if (changes === undefined) {
    onlyLeft.fill(true, head, left.length - tail);
    onlyRight.fill(true, head, right.length - tail);
    return { partsAt: head, onlyLeft, onlyRight, isExact: false };
  }
  let leftAt = head;
  let rightAt = head;
  for (const { added, removed, count } of changes) {
    if (removed) onlyLeft.fill(true, leftAt, leftAt + count);
    if (added) onlyRight.fill(true, rightAt, rightAt + count);
    if (!added) leftAt += count;
    if (!removed) rightAt += count;
  }
  return { partsAt: head, onlyLeft, onlyRight, isExact: true };
}
