// What the model thought of one token: its probability, its rank, what else was likely. A click on an alternative, or a text of one's
// own, goes on from there instead.
import { type CSSProperties, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { TokenColumns } from '../../../../../core/api/conversations.ts';
import { alternativesAt } from '../../../../../core/lib/conversations/token-columns.ts';
import { TextField } from '../../../../ui/text-field.tsx';
import styles from './token-card.module.css';
import { percentOf, visibleText } from './token-look.ts';
import { formatFixed } from '../../../../ui/format.ts';

export interface TokenCardProps {
  readonly tokens: TokenColumns;
  readonly place: number;
  readonly anchor: HTMLElement;
  readonly isPinned: boolean;
  readonly onClose: () => void;
  readonly onForce?: (forced: string | { readonly id: number; readonly text: string }) => void;
}

const GAP_PX = 6;
const EDGE_PX = 8;

export function TokenCard({ tokens, place, anchor, isPinned, onClose, onForce }: TokenCardProps) {
  const card = useRef<HTMLDivElement>(null);
  const [position, setPosition] = useState<CSSProperties>({ visibility: 'hidden' });
  const [typed, setTyped] = useState('');
  useLayoutEffect(() => {
    const own = card.current;
    if (!own) return;
    const { left, top, bottom } = anchor.getClientRects()[0] ?? anchor.getBoundingClientRect();
    const fitsBelow = bottom + GAP_PX + own.offsetHeight + EDGE_PX <= window.innerHeight;
    setPosition({
      left: Math.max(EDGE_PX, Math.min(left, window.innerWidth - own.offsetWidth - EDGE_PX)),
      top: fitsBelow ? bottom + GAP_PX : Math.max(EDGE_PX, top - GAP_PX - own.offsetHeight),
    });
  }, [anchor, isPinned]);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    if (!isPinned) return;
    card.current?.querySelector<HTMLElement>('button, input')?.focus();
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !card.current?.contains(event.target)) close.current();
    };
    // The card does not move with the text.
    const onScroll = () => close.current();
    document.addEventListener('pointerdown', onPointerDown, true);
    anchor.closest('[role="log"]')?.addEventListener('scroll', onScroll);
    return () => {
      document.removeEventListener('pointerdown', onPointerDown, true);
      anchor.closest('[role="log"]')?.removeEventListener('scroll', onScroll);
    };
  }, [isPinned, anchor]);

  const id = tokens.ids[place] ?? 0;
  const text = tokens.texts[place] ?? '';
  const logProbability = tokens.logProbabilities[place] ?? null;
  const entropy = tokens.entropies[place] ?? null;
  const alternatives = alternativesAt(tokens, place);
  const rank = alternatives.findIndex((one) => one.id === id);
  const canForce = onForce !== undefined && isPinned;
  return createPortal(
    // Keys inside belong to the card, not to the view below it.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={card}
      className={styles['card']}
      style={position}
      role={isPinned ? 'dialog' : 'tooltip'}
      aria-label={`Token ${JSON.stringify(text)}`}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className={styles['head']}>
        <code className={styles['piece']}>{JSON.stringify(text)}</code>
        <span className={styles['id']}>id {id}</span>
      </div>
      <dl className={styles['facts']}>
        <div>
          <dt>Probability</dt>
          <dd>
            {logProbability === null
              ? 'not known: a person put it there'
              : `${percentOf(Math.exp(logProbability))} · ln ${formatFixed(logProbability, 3)}`}
          </dd>
        </div>
        <div>
          <dt>Entropy</dt>
          <dd>{entropy === null ? 'not known' : `${entropy.toFixed(3)} nats`}</dd>
        </div>
        {rank < 0 && alternatives.length > 0 ? (
          <div>
            <dt>Rank</dt>
            <dd>{`below the ${alternatives.length} likeliest`}</dd>
          </div>
        ) : null}
      </dl>
      <ol className={styles['list']}>
        {alternatives.map((one) => {
          const row = (
            <>
              <code className={styles['name']}>{visibleText(one.text) || '␀'}</code>
              <span className={styles['bar']} aria-hidden="true">
                <span style={{ width: `${Math.max(1, one.probability * 100)}%` }} />
              </span>
              <span className={styles['percent']}>{percentOf(one.probability)}</span>
            </>
          );
          return (
            <li key={one.id} data-chosen={one.id === id || undefined}>
              {canForce && one.id !== id ? (
                <button
                  type="button"
                  className={styles['row']}
                  aria-label={`Continue with ${JSON.stringify(one.text)}, ${percentOf(one.probability)}`}
                  onClick={() => onForce({ id: one.id, text: one.text })}
                >
                  {row}
                </button>
              ) : (
                <span className={styles['row']}>{row}</span>
              )}
            </li>
          );
        })}
      </ol>
      {onForce === undefined ? null : isPinned ? (
        <TextField
          label="Another text from here"
          isLabelHidden
          placeholder="Another text, Enter goes on"
          mono
          value={typed}
          onChange={setTyped}
          onSubmit={(value) => {
            if (value !== '') onForce(value);
          }}
        />
      ) : (
        <p className={styles['hint']}>Click to continue from another token</p>
      )}
    </div>,
    document.body,
  );
}
