// Times two functions in turn, so that a busy machine slows both alike.

const ROUNDS = 7;

/** Median wall times, ms, after one warm-up of each. */
export function interleavedMedians(
  ours: () => unknown,
  anchor: () => unknown,
): { oursMs: number; anchorMs: number } {
  ours();
  anchor();
  const oursMs: number[] = [];
  const anchorMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    anchorMs.push(timeOf(anchor));
    oursMs.push(timeOf(ours));
  }
  return { oursMs: median(oursMs), anchorMs: median(anchorMs) };
}

function timeOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(values: number[]): number {
  return values.sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
