// What the likelihood of texts can be asked for.
export const likelihoodViews = [
  { id: 'texts', title: 'Held-out texts' },
  { id: 'pairs', title: 'Right and wrong sentences' },
  { id: 'difference', title: 'Two models on one text' },
] as const;
