// Below a text with tokens: what the token under the pointer is, as the vocabulary spells it, with its id.
import { formatInteger } from '../../../ui/format.ts';
import styles from './reader.module.css';
import { type DocumentTokens, useTokenNames } from './use-tokens.ts';

/** Bytes of one character are at most four; a composed one may have more tokens. */
const MAX_SHOWN = 6;

export function TokenLine(props: {
  readonly text: string;
  readonly tokens: DocumentTokens;
  readonly tokenizer: string;
  readonly hovered: number | null;
}) {
  const { text, tokens, tokenizer, hovered } = props;
  const { ids, starts, ends } = tokens.columns;
  const shown = hovered === null ? [] : sharing(hovered, starts, ends);
  const wanted = shown.map((token) => ids[token] ?? 0);
  const names = useTokenNames(tokenizer, wanted);
  const [first] = shown;
  return (
    <p className={styles['token']}>
      {first === undefined ? (
        `Point at a token to see its id${tokens.exact ? '' : '. Boundaries are approximate here'}`
      ) : (
        <>
          Token {formatInteger(first + 1)} of {formatInteger(ids.length)} ·{' '}
          {shown.map((token, index) => (
            <span key={token}>
              {index === 0 ? '' : ', '}
              id {ids[token]} <code>{names.get(ids[token] ?? 0) ?? ''}</code>
            </span>
          ))}
          {shown.length > 1 ? ' share ' : ' · '}
          <code>{visible(text.slice(starts[first], ends[first]))}</code>
          {tokens.exact ? '' : ' · about here'}
        </>
      )}
    </p>
  );
}

/** Tokens over the same characters. */
function sharing(token: number, starts: Uint32Array, ends: Uint32Array): readonly number[] {
  const found = [token];
  for (let next = token + 1; found.length < MAX_SHOWN && next < starts.length; next += 1) {
    if (starts[next] !== starts[token] || ends[next] !== ends[token] || starts[next] === ends[next]) break;
    found.push(next);
  }
  return found;
}

/** Spaces and line breaks as signs. */
function visible(text: string): string {
  return text.replaceAll(' ', '␣').replaceAll('\t', '⇥').replaceAll('\r', '␍').replaceAll('\n', '⏎');
}
