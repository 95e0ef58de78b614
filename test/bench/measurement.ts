// What every benchmark reports: our time and the anchor's in the same run. The ratio is the figure to quote.

export interface Measurement {
  readonly name: string;
  readonly oursMs: number;
  readonly anchorMs: number;
  /** What it is compared with: a library used directly, or another way of doing the same. */
  readonly anchor: string;
  /** Largest ratio ours ÷ anchor that is accepted. */
  readonly limit: number;
  /** What `oursMs` and `anchorMs` count where that is no time. */
  readonly unit?: 'kB' | 'nodes';
}
