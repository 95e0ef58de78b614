// The name of the command that opens the scoring dialog, for who offers it elsewhere.
export const SCORE_COMMAND = 'data.score';
