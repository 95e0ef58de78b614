// An answer token by token: coloured by probability or entropy, one tab stop, arrows from token to token.
import { type KeyboardEvent, memo, type MouseEvent, useRef, useState } from 'react';
import type { TokenColumns } from '../../../../../core/api/conversations.ts';
import { TokenCard } from './token-card.tsx';
import { stepOf, type TokenColouring, visibleText } from './token-look.ts';
import styles from './token-text.module.css';

export interface TokenTextProps {
  readonly tokens: TokenColumns;
  readonly colouring: TokenColouring;
  /** Absent where nothing can be forced: in the middle of an answer. */
  readonly onForce?: (place: number, forced: string | { readonly id: number; readonly text: string }) => void;
}

interface Shown {
  readonly place: number;
  readonly anchor: HTMLElement;
  /** A click or Enter keeps the card open and lets the keyboard into it. */
  readonly isPinned: boolean;
}

export const TokenText = memo(function TokenText({ tokens, colouring, onForce }: TokenTextProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [focused, setFocused] = useState(0);
  const over = (event: MouseEvent) => {
    if (!shown?.isPinned) setShown(shownAt(event.target, false));
  };
  const close = () => {
    if (shown?.isPinned) shown.anchor.focus();
    setShown(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const place = placeOf(event.target);
    if (place === null) return;
    const last = tokens.ids.length - 1;
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: last }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      const target = Math.min(last, Math.max(0, next));
      setFocused(target);
      frame.current?.querySelector<HTMLElement>(`[data-place="${target}"]`)?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      setShown(shownAt(event.target, true));
    } else if (event.key === 'Escape' && shown) {
      event.stopPropagation();
      close();
    }
  };
  return (
    <>
      {/* Tokens take the keys one by one; the group only passes them on. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={frame}
        className={styles['tokens']}
        role="group"
        aria-label={`${tokens.ids.length} tokens`}
        onMouseOver={over}
        onMouseLeave={() => {
          if (!shown?.isPinned) setShown(null);
        }}
        onClick={(event) => {
          const place = placeOf(event.target);
          if (place === null || window.getSelection()?.isCollapsed === false) return;
          setFocused(place);
          setShown(shownAt(event.target, true));
        }}
        onFocus={(event) => {
          if (event.target.matches(':focus-visible')) setShown(shownAt(event.target, false));
        }}
        onBlur={() => {
          if (!shown?.isPinned) setShown(null);
        }}
        onKeyDown={onKeyDown}
      >
        <Spans tokens={tokens} colouring={colouring} focused={Math.min(focused, tokens.ids.length - 1)} />
      </div>
      {shown ? (
        <TokenCard
          key={shown.place}
          tokens={tokens}
          place={shown.place}
          anchor={shown.anchor}
          isPinned={shown.isPinned}
          onClose={close}
          {...(onForce === undefined
            ? {}
            : {
                onForce: (forced) => {
                  setShown(null);
                  onForce(shown.place, forced);
                },
              })}
        />
      ) : null}
    </>
  );
});

const Spans = memo(function Spans({
  tokens,
  colouring,
  focused,
}: {
  readonly tokens: TokenColumns;
  readonly colouring: TokenColouring;
  readonly focused: number;
}) {
  const special = new Set(tokens.special);
  const forced = new Set(tokens.forced);
  const values = colouring === 'probability' ? tokens.logProbabilities : tokens.entropies;
  return tokens.texts.map((text, place) => (
    <span
      // Places are what tokens are known by.
      // oxlint-disable-next-line react/no-array-index-key
      key={place}
      data-place={place}
      data-step={stepOf(values[place] ?? null, colouring)}
      data-colouring={colouring}
      data-special={special.has(place) || undefined}
      data-forced={forced.has(place) || undefined}
      className={styles['token']}
      role="button"
      tabIndex={place === focused ? 0 : -1}
      aria-label={labelOf(text, tokens.logProbabilities[place] ?? null)}
    >
      {visibleText(text)}
    </span>
  ));
});

function labelOf(text: string, logProbability: number | null): string {
  const said = JSON.stringify(text);
  return logProbability === null ? said : `${said}, ${(Math.exp(logProbability) * 100).toFixed(1)} %`;
}

function shownAt(target: EventTarget, isPinned: boolean): Shown | null {
  const anchor = target instanceof Element ? target.closest<HTMLElement>('[data-place]') : null;
  return anchor ? { place: Number(anchor.dataset['place']), anchor, isPinned } : null;
}

function placeOf(target: EventTarget): number | null {
  if (!(target instanceof Element)) return null;
  const place = target.closest<HTMLElement>('[data-place]')?.dataset['place'];
  return place === undefined ? null : Number(place);
}
