// Three raters on ten documents, and scores of a head for them: the fixture all rating statistics are checked on.
export const ratings: readonly (readonly number[])[] = [
  [0, 0, 1],
  [1, 1, 1],
  [0, 1, 2],
  [2, 3, 2],
  [4, 4, 5],
  [1, 3, 3],
  [0, 0, 0],
  [2, 2, 1],
  [5, 2, 3],
  [3, 3, 3],
];
export const aggregated: readonly number[] = [0, 1, 1, 2, 4, 3, 0, 2, 10 / 3, 3];
export const predicted: readonly number[] = [0.2, 1.1, 0.9, 2.4, 3.9, 2.2, 0.4, 1.3, 2.5, 3.6];
