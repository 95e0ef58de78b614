// Why rows that are in sight stay empty: their file is gone, or its process ended. Knows pages, not what is in them.
import { useSyncExternalStore } from 'react';
import { describeError } from '../../../app/describe-error.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import type { Pages } from '../use-row-pages.ts';

export interface PagesProblemProps {
  readonly pages: Pages;
  /** Finds the rows of the view anew; null where the whole file is shown. */
  readonly onRestart: (() => void) | null;
}

export function PagesProblem({ pages: { cells, text }, onRestart }: PagesProblemProps) {
  useSyncExternalStore(cells.subscribe, () => cells.version);
  useSyncExternalStore(text.subscribe, () => text.version);
  const problem = cells.problem ?? text.problem;
  if (problem === null) return null;
  const retry = () => {
    cells.retry();
    text.retry();
  };
  return (
    <ErrorState
      compact
      {...describeError(problem)}
      actions={
        onRestart ? (
          <Button onPress={onRestart}>Open the view again</Button>
        ) : (
          <Button onPress={retry}>Try again</Button>
        )
      }
    />
  );
}
