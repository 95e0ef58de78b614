// A whole document, wrapped: matches marked, tokens tinted in turn. Only what is in sight is drawn, so two megabytes are quick.
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  Fragment,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { TokenColumns } from '../../../../core/rpc/token-columns.ts';
import { type Block, blockAt, textBlocks } from './blocks.ts';
import type { Matches } from './find-matches.ts';
import { blockSegments, type Segment } from './segments.ts';
import styles from './reader.module.css';

/** Shorter texts are drawn whole: then the browser can select all of it. */
const WHOLE_BLOCKS = 24;
/** What a line of a pane holds, and its height; measured ones replace the guess. */
const GUESSED_UNITS_A_LINE = 60;
const GUESSED_LINE_PX = 21;

export interface TextBlocksProps {
  readonly text: string;
  readonly tokens?: TokenColumns | null;
  readonly matches: Matches;
  /** Index of the match that is shown. */
  readonly current: number | null;
  /** What a token that stands around the text is called. */
  readonly nameOf?: (token: number) => string;
  readonly hovered?: number | null;
  readonly onHover?: (token: number | null) => void;
}

export function TextBlocks(props: TextBlocksProps) {
  const { text, matches, current, onHover } = props;
  const blocks = useMemo(() => textBlocks(text), [text]);
  const root = useRef<HTMLDivElement>(null);
  const target = current === null ? null : (matches.starts[current] ?? null);
  const isVirtual = blocks.length > WHOLE_BLOCKS;
  return (
    <div
      ref={root}
      className={styles['text']}
      onPointerOver={(event) => onHover?.(tokenUnder(event.target))}
      onPointerLeave={() => onHover?.(null)}
    >
      {isVirtual ? (
        <VirtualBlocks {...props} root={root} blocks={blocks} target={target} />
      ) : (
        <>
          {blocks.map((block, index) => (
            <div key={block.from}>
              <BlockText {...props} block={block} isLast={index === blocks.length - 1} />
            </div>
          ))}
          <ScrollToCurrent root={root} target={target} />
        </>
      )}
    </div>
  );
}

interface InnerProps extends TextBlocksProps {
  readonly root: RefObject<HTMLDivElement | null>;
  readonly target: number | null;
}

function VirtualBlocks(props: InnerProps & { readonly blocks: readonly Block[] }) {
  const { blocks, root, target, text } = props;
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const element = root.current;
    const found = element === null ? null : scrollParent(element);
    setScroller(found);
    if (element === null || found === null) return;
    const top = element.getBoundingClientRect().top - found.getBoundingClientRect().top + found.scrollTop;
    setMargin(Math.round(top));
  }, [root, text]);
  // The list below is not memoised, so functions that cannot be are no harm.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: blocks.length,
    getScrollElement: () => scroller,
    estimateSize: (index) => {
      const { from = 0, to = 0 } = blocks[index] ?? {};
      return Math.max(1, Math.ceil((to - from) / GUESSED_UNITS_A_LINE)) * GUESSED_LINE_PX;
    },
    overscan: 2,
    scrollMargin: margin,
  });
  useEffect(() => {
    if (target !== null) virtual.scrollToIndex(blockAt(blocks, target), { align: 'center' });
  }, [target, blocks, virtual]);
  return (
    <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
      {virtual.getVirtualItems().map(({ index, key, start }) => {
        const block = blocks[index];
        return block === undefined ? null : (
          <div
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            className={styles['placed']}
            style={{ transform: `translateY(${start - margin}px)` }}
          >
            <BlockText {...props} block={block} isLast={index === blocks.length - 1} />
          </div>
        );
      })}
      <ScrollToCurrent root={root} target={target} />
    </div>
  );
}

/** Brings the current match into sight once it is drawn. */
function ScrollToCurrent({ root, target }: Pick<InnerProps, 'root' | 'target'>) {
  useEffect(() => {
    if (target === null) return;
    const frame = requestAnimationFrame(() => {
      root.current?.querySelector('[data-current]')?.scrollIntoView({ block: 'nearest' });
    });
    return () => cancelAnimationFrame(frame);
  }, [root, target]);
  return null;
}

function BlockText({
  text,
  block,
  isLast,
  tokens = null,
  matches,
  current,
  hovered = null,
  nameOf,
}: TextBlocksProps & { readonly block: Block; readonly isLast: boolean }) {
  const plain = tokens === null && matches.starts.length === 0;
  const segments = useMemo(
    () => (plain ? [] : blockSegments({ block, isLast, tokens, matches, current })),
    [plain, block, isLast, tokens, matches, current],
  );
  if (plain) return <>{text.slice(block.from, block.to)}</>;
  return (
    <>
      {segments.map((segment) => (
        <Fragment key={`${segment.from}${segment.isMark ? `m${segment.token}` : ''}`}>
          {drawn(segment, text.slice(segment.from, segment.to), hovered, nameOf)}
        </Fragment>
      ))}
    </>
  );
}

function drawn(
  segment: Segment,
  text: string,
  hovered: number | null,
  nameOf: TextBlocksProps['nameOf'],
): ReactNode {
  const { token, isMark, isSpecial, match, shared } = segment;
  const inside =
    match === 'none' ? (
      text
    ) : (
      <mark className={styles['match']} data-current={match === 'current' || undefined}>
        {text}
      </mark>
    );
  if (token === null) return inside;
  const tint = isSpecial ? styles['special'] : token % 2 === 0 ? styles['even'] : styles['odd'];
  return (
    <span
      className={tint}
      data-token={token}
      data-shared={shared > 1 || undefined}
      data-hovered={hovered === token || undefined}
    >
      {isMark ? (nameOf?.(token) ?? '…') : inside}
    </span>
  );
}

function tokenUnder(target: EventTarget): number | null {
  const element = target instanceof Element ? target.closest('[data-token]') : null;
  const token = element?.getAttribute('data-token');
  return token === null || token === undefined ? null : Number(token);
}

function scrollParent(element: HTMLElement): HTMLElement | null {
  for (let at = element.parentElement; at !== null; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return null;
}
