// The labs of this window by corpus, so that the panes share one and coming back finds everything as it was.
import type { StudioClient } from '../../../../../core/api/contract.ts';
import { createLab, type Lab } from './lab.ts';
import { tokensFromText } from './tokens.ts';

/** A lab holds figures, no documents; four let one compare corpora. */
const MAX_LABS = 4;

const labs = new Map<string, { readonly client: StudioClient; readonly lab: Lab }>();

/** `tokens` as a link says it. */
export function labOf(client: StudioClient, paths: readonly string[], tokens: string): Lab {
  const key = [...paths, tokens].join('\n');
  const known = labs.get(key);
  const entry =
    known?.client === client ? known : { client, lab: createLab(client, paths, tokensFromText(tokens)) };
  labs.delete(key);
  labs.set(key, entry);
  const oldest = labs.keys().next();
  if (labs.size > MAX_LABS && !oldest.done) labs.delete(oldest.value);
  return entry.lab;
}
