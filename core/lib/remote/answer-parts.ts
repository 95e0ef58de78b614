// What stands between the parts and fields of an answer from another computer: control characters that no name there holds.

/** Between the parts of the answer: `<separator><name>`. */
export const PART = '\u001d';
/** Between fields: no name of Slurm may hold it. */
export const FIELD = '\u001f';
