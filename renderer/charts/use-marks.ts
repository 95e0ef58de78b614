// Keys for what can be clicked in a chart: one stop for Tab, arrows go from mark to mark, Enter or Space presses it (with Alt as
// with the pointer), Escape leaves for the figure. Knows places, not what a mark means.
import { type KeyboardEvent, useState } from 'react';
import { type MarkPlace, markAfter } from './mark-steps.ts';

export interface MarkProps {
  readonly 'data-mark': number;
  readonly tabIndex: 0 | -1;
  onFocus(): void;
}

export interface Marks {
  /** Of the element around the marks. */
  readonly group: { onKeyDown(event: KeyboardEvent<Element>): void };
  /** Of the mark at `places[index]`: an HTML button, or an SVG shape with role and name. */
  mark(index: number): MarkProps;
}

/** `onFocus` is told where the keyboard stands, so that numbers appear as they do below the pointer. */
export function useMarks(places: readonly MarkPlace[], onFocus?: (index: number) => void): Marks {
  const [wanted, setWanted] = useState(0);
  const current = Math.min(wanted, Math.max(0, places.length - 1));
  return {
    group: {
      onKeyDown(event) {
        const { target, key, altKey, ctrlKey, metaKey } = event;
        const mark = target instanceof Element ? target.closest('[data-mark]') : null;
        if (!mark || metaKey) return;
        if (key === 'Escape') {
          leave(mark);
        } else if (key === 'Enter' || key === ' ') {
          // A button presses itself, but forgets about Alt.
          if (mark instanceof HTMLElement && !altKey) return;
          if (ctrlKey || event.repeat) return;
          mark.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, altKey }));
        } else {
          if (altKey) return;
          const next = markAfter(places, Number(mark.getAttribute('data-mark')), key, ctrlKey);
          if (next === null) {
            // At the edge the page below does not scroll away under the chart.
            if (!key.startsWith('Arrow')) return;
          } else focusMark(event.currentTarget, next);
        }
        event.preventDefault();
        event.stopPropagation();
      },
    },
    mark: (index) => ({
      'data-mark': index,
      tabIndex: index === current ? 0 : -1,
      onFocus() {
        setWanted(index);
        onFocus?.(index);
      },
    }),
  };
}

function focusMark(group: Element, index: number): void {
  const mark = group.querySelector(`[data-mark="${index}"]`);
  if (mark instanceof HTMLElement || mark instanceof SVGElement) mark.focus();
}

/** To the figure around it, where Tab begins anew and E exports. */
function leave(mark: Element): void {
  const around = mark.closest<HTMLElement>('figure[tabindex]');
  if (around) around.focus();
  else if (mark instanceof HTMLElement || mark instanceof SVGElement) mark.blur();
}
