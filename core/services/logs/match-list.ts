// Where the matching lines of a search begin, in order. Counts all of them, keeps as many as a person could ever go to.
import { StudioError } from '../../api/errors.ts';
import type { LogMatch } from '../../api/logs.ts';

/** 8 MB. Beyond, lines are counted, not kept. */
const MAX_KEPT = 1_000_000;
/** Parts of the file for which matches are counted: marks beside the scroll bar. */
const PARTS = 200;

export interface MatchList {
  readonly count: number;
  readonly reachable: number;
  /** Where the next scan begins. */
  readonly end: number;
  /** `lastMatches`: the line at `end`, which has no end yet, matches. */
  add(offsets: Float64Array, end: number, lastMatches: boolean): void;
  clear(): void;
  /** Round the end. Throws NOT_FOUND when there is no match. */
  find(offset: number, direction: 'next' | 'previous'): LogMatch;
  density(sizeBytes: number): number[];
}

export function createMatchList(): MatchList {
  let kept = new Float64Array(1024);
  let reachable = 0;
  let count = 0;
  let end = 0;
  let hasLast = false;

  const keep = (offset: number): void => {
    count += 1;
    if (reachable === MAX_KEPT) return;
    if (reachable === kept.length) {
      const larger = new Float64Array(Math.min(MAX_KEPT, kept.length * 2));
      larger.set(kept);
      kept = larger;
    }
    kept[reachable] = offset;
    reachable += 1;
  };
  const total = (): number => reachable + (hasLast ? 1 : 0);
  const at = (index: number): number => (index < reachable ? (kept[index] as number) : end);

  return {
    get count() {
      return count + (hasLast ? 1 : 0);
    },
    get reachable() {
      return total();
    },
    get end() {
      return end;
    },
    add(offsets, nextEnd, lastMatches) {
      for (const offset of offsets) keep(offset);
      end = nextEnd;
      hasLast = lastMatches;
    },
    clear() {
      reachable = 0;
      count = 0;
      end = 0;
      hasLast = false;
    },
    find(offset, direction) {
      const all = total();
      if (all === 0)
        throw new StudioError('NOT_FOUND', 'Nothing matches', { hint: 'Search for something else' });
      let low = 0;
      let high = all;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (at(middle) < offset) low = middle + 1;
        else high = middle;
      }
      const index = direction === 'next' ? low % all : (low - 1 + all) % all;
      return { index, offset: at(index) };
    },
    density(sizeBytes) {
      if (total() === 0 || sizeBytes === 0) return [];
      const parts = Array.from({ length: PARTS }, () => 0);
      const scale = PARTS / sizeBytes;
      for (let index = 0; index < total(); index += 1) {
        const part = Math.min(PARTS - 1, Math.floor(at(index) * scale));
        parts[part] = (parts[part] ?? 0) + 1;
      }
      return parts;
    },
  };
}
