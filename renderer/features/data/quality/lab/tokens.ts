// Which tokens a lab counts, as one word of a link: `tokens=column`, `tokens=estimate`, or the path of a tokenizer. Pure.
import type { CorpusTokens } from '../../../../../core/api/quality-corpus.ts';

export const FOUND: CorpusTokens = { kind: 'found' };

export function tokensFromText(text: string | null | undefined): CorpusTokens {
  if (text === null || text === undefined || text === '' || text === 'found') return FOUND;
  return text === 'column' || text === 'estimate' ? { kind: text } : { kind: 'tokenizer', path: text };
}

export function tokensText(tokens: CorpusTokens): string {
  return tokens.kind === 'tokenizer' ? tokens.path : tokens.kind;
}
