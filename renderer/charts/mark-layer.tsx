// Buttons over the marks of a chart: what can be clicked, reached with the keys and read out. The canvas below paints them.
import { type KeyboardEvent, useRef, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import { markName, type PlacedMark } from './chart-marks.ts';
import type { PlotBox } from './paint-plot.ts';
import styles from './mark-layer.module.css';

export interface MarkLayerProps {
  readonly title: string;
  readonly placed: readonly PlacedMark[];
  readonly plot: PlotBox;
  /** Reads the values at the step of a mark that has nothing to open. */
  readonly onShow: (mark: PlacedMark) => void;
}

/** One stop of the Tab key; the arrow keys go from mark to mark. */
export function MarkLayer({ title, placed, plot, onShow }: MarkLayerProps) {
  const layer = useRef<HTMLFieldSetElement>(null);
  const [current, setCurrent] = useState(0);
  if (placed.length === 0) return null;
  const stop = Math.min(current, placed.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    const last = placed.length - 1;
    const next =
      event.key === 'ArrowRight'
        ? Math.min(last, stop + 1)
        : event.key === 'ArrowLeft'
          ? Math.max(0, stop - 1)
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? last
              : null;
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    setCurrent(next);
    layer.current?.querySelectorAll('button')[next]?.focus();
  };

  return (
    // The arrow keys belong to the buttons inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <fieldset
      ref={layer}
      className={styles['layer']}
      style={{ left: plot.left, top: plot.top, width: plot.width, height: plot.height }}
      aria-label={`Marks of ${title}: ${placed.length}`}
      onKeyDown={onKeyDown}
    >
      {placed.map((mark, index) => (
        <MarkButton
          key={mark.marks[0].id}
          mark={mark}
          isStop={index === stop}
          onPress={() => {
            setCurrent(index);
            const [first] = mark.marks;
            if (mark.marks.length === 1 && first.onOpen) first.onOpen();
            else onShow(mark);
          }}
        />
      ))}
    </fieldset>
  );
}

function MarkButton({
  mark,
  isStop,
  onPress,
}: {
  readonly mark: PlacedMark;
  readonly isStop: boolean;
  readonly onPress: () => void;
}) {
  return (
    <TooltipTrigger delay={120} closeDelay={0}>
      <AriaButton
        className={styles['mark'] ?? ''}
        style={{ left: mark.x, top: mark.y ?? 5 }}
        aria-label={markName(mark)}
        excludeFromTabOrder={!isStop}
        onPress={onPress}
      />
      <Tooltip placement="top" offset={6} className={styles['tip'] ?? ''}>
        {mark.marks.slice(0, 8).map((one) => (
          <span key={one.id} className={styles['line']}>
            <b>{one.label}</b>
            {one.detail ? <span>{one.detail}</span> : null}
          </span>
        ))}
        {mark.marks.length > 8 ? (
          <span>{`and ${mark.marks.length - 8} more; zoom in to see them`}</span>
        ) : null}
      </Tooltip>
    </TooltipTrigger>
  );
}
