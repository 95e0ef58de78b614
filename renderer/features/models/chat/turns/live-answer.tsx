// The answer being written. Text goes into the page as it comes, without React and without touching the turns above.
import { useEffect, useRef } from 'react';
import { formatInteger, formatQuantity } from '../../../../ui/format.ts';
import { useModelTitle } from '../../use-model-title.ts';
import type { AnswerFeed } from '../session/answer-feed.ts';
import type { LiveAnswer as Live } from '../session/chat-state.ts';
import { stepOf, type TokenLook, visibleText } from '../tokens/token-look.ts';
import tokenStyles from '../tokens/token-text.module.css';
import styles from './turn-view.module.css';

/** How often the count beside the answer changes. */
const COUNT_MS = 500;
/** The first piece is drawn at once, later ones together: every frame costs a paint of the page. */
const DRAW_MS = 60;

export function LiveAnswer({
  live,
  look,
  modelPath,
  onGrow,
}: {
  readonly live: Live;
  readonly look: TokenLook;
  readonly modelPath: string | null;
  readonly onGrow: () => void;
}) {
  const text = useRef<HTMLDivElement>(null);
  const count = useRef<HTMLSpanElement>(null);
  const { feed, phase } = live;
  useEffect(() => {
    const target = text.current;
    return target ? drawFeed(feed, target, look, onGrow) : undefined;
  }, [feed, look, onGrow]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!count.current || feed.firstAtMs === null) return;
      const seconds = (performance.now() - feed.firstAtMs) / 1000;
      const speed = seconds > 0.3 ? ` · ${(feed.count / seconds).toFixed(0)} tokens a second` : '';
      count.current.textContent = formatQuantity(feed.count, 'token') + speed;
    }, COUNT_MS);
    return () => clearInterval(timer);
  }, [feed]);
  const titleOf = useModelTitle();
  const name = modelPath === null ? 'the model' : titleOf(modelPath);
  return (
    <article
      className={`${styles['turn']} ${styles['live']}`}
      data-role="assistant"
      aria-label="assistant"
      aria-busy="true"
    >
      <header className={styles['role']}>assistant</header>
      <div className={look.isOn ? tokenStyles['tokens'] : styles['text']}>
        <span ref={text} />
        {phase.kind === 'writing' ? <span className={styles['caret']} aria-hidden="true" /> : null}
      </div>
      <div className={styles['footer']} role="status">
        {phase.kind === 'loading'
          ? `Loading ${name}${phase.fraction > 0 ? ` · ${Math.round(phase.fraction * 100)} %` : ''}`
          : phase.kind === 'reading'
            ? `Reading the prompt · ${formatInteger(phase.tokens)} tokens, ${formatInteger(phase.reusedTokens)} of them known`
            : null}
        {/* Changes several times a second: not for screen readers. */}
        <span ref={count} aria-hidden="true" />
      </div>
    </article>
  );
}

/** Draws what is there and everything that comes; the result ends it. */
function drawFeed(feed: AnswerFeed, target: HTMLElement, look: TokenLook, onGrow: () => void): () => void {
  target.replaceChildren();
  const node = document.createTextNode('');
  if (!look.isOn) target.append(node);
  let drawnCharacters = 0;
  let drawnTokens = 0;
  const draw = () => {
    if (!look.isOn) {
      node.appendData(feed.text.slice(drawnCharacters));
      drawnCharacters = feed.text.length;
    } else {
      const fragment = document.createDocumentFragment();
      for (; drawnTokens < feed.tokens.ids.length; drawnTokens += 1)
        fragment.append(spanOf(feed, drawnTokens, look));
      target.append(fragment);
    }
    onGrow();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  const drawNow = () => {
    timer = undefined;
    drawnAtMs = performance.now();
    draw();
  };
  drawNow();
  const unsubscribe = feed.subscribe(() => {
    const waitMs = feed.count < 2 ? 0 : drawnAtMs + DRAW_MS - performance.now();
    if (timer === undefined) timer = setTimeout(drawNow, Math.max(0, waitMs));
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}

function spanOf(feed: AnswerFeed, place: number, look: TokenLook): HTMLElement {
  const span = document.createElement('span');
  const values = look.colouring === 'probability' ? feed.tokens.logProbabilities : feed.tokens.entropies;
  const step = stepOf(values[place] ?? null, look.colouring);
  span.className = tokenStyles['token'] ?? '';
  span.dataset['colouring'] = look.colouring;
  if (step !== null) span.dataset['step'] = String(step);
  span.textContent = visibleText(feed.tokens.texts[place] ?? '');
  return span;
}
