// A log among several: keeps what it is given stable, so that rows are not drawn anew for a new function.
import { useCallback, useLayoutEffect, useRef } from 'react';
import { LogView, type LogViewHandle } from './log-view.tsx';

type LogColumnProps = Omit<Parameters<typeof LogView>[0], 'handle' | 'emptyText'> & {
  readonly onHandle: (handle: LogViewHandle | null) => void;
};

export function LogColumn({ onHandle, onLine, onTopTime, ...rest }: LogColumnProps) {
  const newest = useRef({ onLine, onTopTime, onHandle });
  useLayoutEffect(() => {
    newest.current = { onLine, onTopTime, onHandle };
  });
  const tellLine = useCallback((line: number) => newest.current.onLine(line), []);
  const tellTime = useCallback((atMs: number | null) => newest.current.onTopTime(atMs), []);
  const tellHandle = useCallback((handle: LogViewHandle | null) => newest.current.onHandle(handle), []);
  return (
    <LogView
      {...rest}
      emptyText="Nothing was printed yet"
      onLine={tellLine}
      onTopTime={tellTime}
      handle={tellHandle}
    />
  );
}
