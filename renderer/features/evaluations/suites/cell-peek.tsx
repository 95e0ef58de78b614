// The answers of a cell beside it, while the pointer or the keyboard is there: a look, not a place to work.
import { useAnswers } from './use-suites.ts';
import type { Cell } from './place.ts';
import styles from './cell-peek.module.css';

const WIDTH_PX = 360;
const GAP_PX = 6;
const MAX_CHARACTERS = 400;
const words = { pass: 'passes', fail: 'fails', unchecked: 'no check' } as const;

export function CellPeek({
  name,
  cell,
  box,
}: {
  readonly name: string;
  readonly cell: Cell;
  readonly box: DOMRect;
}) {
  const { data } = useAnswers(name, cell);
  if (data === undefined) return null;
  const left = Math.max(GAP_PX, Math.min(box.left, window.innerWidth - WIDTH_PX - GAP_PX));
  const isLow = box.bottom > window.innerHeight * 0.6;
  return (
    <div
      className={styles['peek']}
      role="status"
      style={{
        left,
        width: WIDTH_PX,
        ...(isLow ? { bottom: window.innerHeight - box.top + GAP_PX } : { top: box.bottom + GAP_PX }),
      }}
    >
      {data.length === 0 ? <p className={styles['none']}>Not answered</p> : null}
      {data.map(({ sampler, mark, text, checks }) => (
        <section key={sampler} className={styles['answer']}>
          <h4>
            {sampler}
            <span data-mark={mark}>{words[mark]}</span>
          </h4>
          <p>{text.trim() === '' ? 'Nothing' : shortened(text.trim())}</p>
          {checks
            .filter(({ passed }) => passed === false)
            .map((check) => (
              <p key={check.words} className={styles['reason']}>{`${check.words}: ${check.reason}`}</p>
            ))}
        </section>
      ))}
    </div>
  );
}

const shortened = (text: string): string =>
  text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
