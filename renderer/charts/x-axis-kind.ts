// What the x axis of a chart may count, and its title.

/** `time`: Unix ms, in the time zone of who looks. `relative`: seconds since the first point. */
export type XAxisKind = 'steps' | 'tokens' | 'time' | 'relative';

export const X_AXIS_TITLES: Readonly<Record<XAxisKind, string>> = {
  steps: 'Step',
  tokens: 'Tokens',
  time: 'Time',
  relative: 'Time since start',
};
