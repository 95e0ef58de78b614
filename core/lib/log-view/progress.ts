// Lines that were written over themselves with \r, as progress bars are: the last state counts, the earlier ones are updates.

/** The states of a line in order; one that was never written over has one. Ends of Windows lines are no state. */
export function statesOf(line: string): readonly string[] {
  if (!line.includes('\r')) return [line];
  const states = line.split('\r').filter((state) => state !== '');
  return states.length === 0 ? [''] : states;
}
