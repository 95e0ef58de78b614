// Whether an element is on screen or about to be: what is costly to draw waits until then.
import { type RefCallback, useCallback, useState } from 'react';

/** Two screens ahead, so that scrolling never meets text without its tokens. */
const MARGIN = '1500px 0px';

const listeners = new WeakMap<Element, (isNear: boolean) => void>();
let observer: IntersectionObserver | null = null;

function shared(): IntersectionObserver {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) listeners.get(entry.target)?.(entry.isIntersecting);
    },
    { rootMargin: MARGIN },
  );
  return observer;
}

/** Watches only while `isWanted`: hundreds of watched elements cost something in every frame. */
export function useIsNear(isWanted: boolean): readonly [RefCallback<HTMLElement>, boolean] {
  const [isNear, setNear] = useState(false);
  const ref = useCallback(
    (element: HTMLElement | null) => {
      if (!element || !isWanted) return undefined;
      listeners.set(element, setNear);
      shared().observe(element);
      return () => {
        shared().unobserve(element);
        listeners.delete(element);
      };
    },
    [isWanted],
  );
  return [ref, isWanted && isNear];
}
