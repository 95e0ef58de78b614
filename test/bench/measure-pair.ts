// Times two functions in turn, so that a busy machine slows both alike: medians of what computes, the smallest of what waits for files
// and processes.

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

/**
 * Wall times, ms: the smallest of each, because everything else on the machine only adds. In turns, either first. Round 0 is not counted:
 * it starts processes and fills the file cache.
 */
export async function pair(
  rounds: number,
  ours: (round: number) => Promise<unknown>,
  anchor: (round: number) => Promise<unknown>,
): Promise<{ oursMs: number; anchorMs: number }> {
  const measured = { oursMs: Number.POSITIVE_INFINITY, anchorMs: Number.POSITIVE_INFINITY };
  for (let round = 0; round <= rounds; round += 1) {
    const early = round % 2 === 0 ? await elapsedMs(() => anchor(round)) : null;
    const oursMs = await elapsedMs(() => ours(round));
    const anchorMs = early ?? (await elapsedMs(() => anchor(round)));
    if (round === 0) continue;
    measured.oursMs = Math.min(measured.oursMs, oursMs);
    measured.anchorMs = Math.min(measured.anchorMs, anchorMs);
  }
  return measured;
}

export async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
