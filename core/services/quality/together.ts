// How many heads of a corpus are read into memory at once.

/** An ensemble of JQL has three heads; a corpus with many more is loaded head by head, as they are asked for. */
export const TOGETHER = 4;
