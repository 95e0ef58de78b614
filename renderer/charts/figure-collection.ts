// All figures below a place of the page, in the order of the page: what "Export all" exports.
import { createContext, useContext, useEffect, useRef } from 'react';
import type { Figure } from './figure-menu.tsx';

interface Collected {
  readonly figure: Figure;
  readonly element: HTMLElement;
}

export interface FigureCollection {
  /** Returns how it is taken out again. */
  add(collected: () => Collected | null): () => void;
  all(): readonly Figure[];
}

export function createFigureCollection(): FigureCollection {
  const entries = new Set<() => Collected | null>();
  return {
    add(collected) {
      entries.add(collected);
      return () => entries.delete(collected);
    },
    all: () =>
      [...entries]
        .map((entry) => entry())
        .filter((entry) => entry !== null)
        .toSorted((a, b) =>
          a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
        )
        .map(({ figure }) => figure),
  };
}

export const FigureCollectionContext = createContext<FigureCollection | null>(null);

/** Puts a figure into the collection around it, where there is one. */
export function useCollected(figure: Figure, element: () => HTMLElement | null): void {
  const collection = useContext(FigureCollectionContext);
  const newest = useRef({ figure, element });
  useEffect(() => {
    newest.current = { figure, element };
  });
  useEffect(
    () =>
      collection?.add(() => {
        const own = newest.current.element();
        return own === null ? null : { figure: newest.current.figure, element: own };
      }),
    [collection],
  );
}
