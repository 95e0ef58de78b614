// The dashboard that is shown and how it changes: the automatic one until somebody changes it, then a draft that the window
// remembers, or a file that is saved after every change. Undo for all of them.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Dashboard, dashboard } from '../../../../core/lib/dashboards/dashboard.ts';
import type { ListedDashboard } from '../../../../core/api/dashboards.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { useViewState } from '../../../app/view-state.ts';
import { type BoardHistory, noHistory, recorded, redone, undone } from './board-history.ts';
import { dashboardName } from './dashboard-names.ts';
import { saveDashboard } from './use-dashboards.ts';

export interface Board {
  readonly kind: 'automatic' | 'draft' | 'file';
  readonly path: string | null;
  readonly board: Dashboard;
  change(next: Dashboard): void;
  /** Null when there is nothing to take back. */
  readonly undo: (() => void) | null;
  readonly redo: (() => void) | null;
  /** Forgets a draft; null for anything else. */
  readonly discard: (() => void) | null;
}

/** A drag of a slider is one change on disk. */
const SAVE_AFTER_MS = 300;

export interface StoredBoard {
  /** The file or the draft; null while the automatic arrangement holds. */
  readonly board: Dashboard | null;
  /** What is shown, where `automatic` is what there is without a file and a draft. */
  over(automatic: Dashboard): Board;
}

/** `file` is the dashboard that is open, null for none. */
export function useBoard(file: ListedDashboard['file']): StoredBoard {
  const [draft, setDraft] = useViewState('runs.board', parseDraft, null);
  const [history, setHistory] = useState<{ readonly key: string; readonly steps: BoardHistory }>({
    key: '',
    steps: noHistory,
  });
  const saved = useSavedFile(file);
  const kind = file ? 'file' : draft ? 'draft' : 'automatic';
  const key = file?.path ?? '';
  const stored = file ? saved.board : draft;
  const steps = history.key === key ? history.steps : noHistory;

  const show = (next: Dashboard, nextSteps: BoardHistory) => {
    setHistory({ key, steps: nextSteps });
    if (file) saved.write(next);
    else setDraft(next);
  };
  return {
    board: stored,
    over(automatic) {
      const board = stored ?? automatic;
      const back = undone(steps, board);
      const forth = redone(steps, board);
      return {
        kind,
        path: file?.path ?? null,
        board,
        change: (next) => {
          if (next !== board) show(next, recorded(steps, board));
        },
        undo: back ? () => show(back.board, back.history) : null,
        redo: forth ? () => show(forth.board, forth.history) : null,
        discard:
          kind === 'draft'
            ? () => {
                setDraft(null);
                setHistory({ key, steps: noHistory });
              }
            : null,
      };
    },
  };
}

function parseDraft(stored: unknown): Dashboard | null | undefined {
  if (stored === null) return null;
  const parsed = dashboard.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}

interface Written {
  readonly path: string;
  readonly board: Dashboard;
}

/** What is on disk, with what was changed since on top; written a moment after the last change, and when the view closes. */
function useSavedFile(file: ListedDashboard['file']): {
  readonly board: Dashboard | null;
  write(board: Dashboard): void;
} {
  const client = useClient();
  const queries = useQueryClient();
  const [ahead, setAhead] = useState<Written | null>(null);
  /** What each file was when it was read or written last, by path. */
  const bases = useRef(new Map<string, NonNullable<ListedDashboard['file']>>());
  /** One write after the other: the next is based on what the one before has left. */
  const writing = useRef<{ readonly count: number; readonly last: Promise<void> }>({
    count: 0,
    last: Promise.resolve(),
  });
  const pending = useRef<Written | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (file && !pending.current && writing.current.count === 0) bases.current.set(file.path, file);
  }, [file]);

  const flush = useCallback(async () => {
    clearTimeout(timer.current);
    const next = pending.current;
    if (!next) return;
    pending.current = null;
    const write = async (baseVersion: string | null) => {
      const result = await saveDashboard(
        { client, queries },
        { path: next.path, saved: next.board, baseVersion },
      );
      if (result.kind === 'saved') {
        bases.current.set(next.path, result.file);
        if (!pending.current) setAhead(null);
        return;
      }
      const { current } = result;
      notify({
        severity: 'warning',
        title: `Dashboard ${dashboardName(next.path)} was changed by somebody else`,
        detail: 'The window shows theirs again; your last change is not written',
        action: { label: 'Write mine', perform: () => write(current?.version ?? null) },
      });
      if (current) bases.current.set(next.path, current);
      else bases.current.delete(next.path);
      setAhead(null);
    };
    const { count, last } = writing.current;
    const written = last
      .then(() => write(bases.current.get(next.path)?.version ?? null))
      .catch(notifyError)
      .finally(() => {
        writing.current = { ...writing.current, count: writing.current.count - 1 };
      });
    writing.current = { count: count + 1, last: written };
    await written;
  }, [client, queries]);
  useEffect(() => () => void flush(), [flush]);

  return {
    board: file ? (ahead?.path === file.path ? ahead.board : file.saved) : null,
    write(board) {
      if (!file) return;
      if (pending.current && pending.current.path !== file.path) void flush();
      if (!bases.current.has(file.path)) bases.current.set(file.path, file);
      pending.current = { path: file.path, board };
      setAhead(pending.current);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), SAVE_AFTER_MS);
    },
  };
}
