// The line at a threshold with its grip: dragged with the pointer or moved with the arrow keys. It reports pixels and
// steps; what they mean is its owner's business.
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import styles from './head-panel.module.css';

/** Arrow, and Page or Shift with an arrow, in quantiles. */
export const QUANTILE_STEP = 0.01;
const LARGE_STEP = 0.05;

export interface ThresholdHandleProps {
  readonly label: string;
  readonly quantile: number;
  readonly text: string;
  /** Beside the grip: the quantile. */
  readonly tag: string;
  /** On which side of the grip there is room for it. */
  readonly tagSide: 'left' | 'right';
  readonly x: number;
  readonly height: number;
  readonly isActive: boolean;
  onDragTo(x: number): void;
  onDragEnd(): void;
  /** A keyboard step to this quantile; followed by `onDragEnd`. */
  onStepTo(quantile: number): void;
}

export function ThresholdHandle(props: ThresholdHandleProps) {
  const { label, quantile, text, tag, tagSide, x, height, isActive } = props;
  const grabOffset = useRef<number | null>(null);
  const onPointerDown = (event: PointerEvent<SVGGElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    grabOffset.current = event.clientX - x;
  };
  const onPointerMove = (event: PointerEvent<SVGGElement>) => {
    if (grabOffset.current !== null) props.onDragTo(event.clientX - grabOffset.current);
  };
  const onPointerUp = () => {
    if (grabOffset.current === null) return;
    grabOffset.current = null;
    props.onDragEnd();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepOf(event, quantile);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    props.onStepTo(next);
    props.onDragEnd();
  };
  return (
    <g
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={quantile}
      aria-valuetext={text}
      aria-orientation="horizontal"
      className={styles['handle']}
      data-active={isActive || undefined}
      transform={`translate(${x} 0)`}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onKeyDown={onKeyDown}
    >
      <rect className={styles['grab']} x={-9} y={0} width={18} height={height} />
      <line className={styles['thresholdLine']} y1={8} y2={height} />
      <circle className={styles['grip']} cy={7} r={5.5} />
      <text
        className={styles['tag']}
        x={tagSide === 'right' ? 9 : -9}
        y={11}
        textAnchor={tagSide === 'right' ? 'start' : 'end'}
        aria-hidden="true"
      >
        {tag}
      </text>
    </g>
  );
}

function stepOf(event: KeyboardEvent, quantile: number): number | null {
  const size = event.shiftKey ? LARGE_STEP : QUANTILE_STEP;
  switch (event.key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return quantile + size;
    case 'ArrowLeft':
    case 'ArrowDown':
      return quantile - size;
    case 'PageUp':
      return quantile + LARGE_STEP;
    case 'PageDown':
      return quantile - LARGE_STEP;
    case 'Home':
      return 0;
    case 'End':
      return 1;
    default:
      return null;
  }
}
