// One log on screen: its rows, search, troubles, selection. Several may stand side by side; which one keys act on is its parent's
// business.
import { type Ref, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { LogRow, LogSource, LogTrouble } from '../../../../core/api/logs.ts';
import { copyText } from '../../../app/copy-text.ts';
import { notifyError } from '../../../app/notifications.ts';
import { describeError } from '../../../app/describe-error.ts';
import { useClient } from '../../../app/session.ts';
import { formatInteger, formatShare } from '../../../ui/format.ts';
import { GoToLine } from './go-to-line.tsx';
import { LogRowView, shownText, timeOf } from './log-row.tsx';
import styles from './log.module.css';
import type { LogLook } from './log-look.ts';
import { OverviewRuler } from './overview-ruler.tsx';
import { SearchBar } from './search-bar.tsx';
import { TroubleStrip } from './trouble-strip.tsx';
import { useActiveLine } from './use-active-line.ts';
import { useGround } from './use-ground.ts';
import { useLogFeed } from './use-log-feed.ts';
import { useLogScroll } from './use-log-scroll.ts';
import { useLogSearch } from './use-log-search.ts';
import { cutToSelection, useLogSelection } from './use-log-selection.ts';
import { useMatchSteps } from './use-match-steps.ts';
import { useOpenedLines } from './use-opened-lines.ts';
import { troubleAt, useTroubles } from './use-troubles.ts';

/** What a clipboard and an editor still take well. */
const MAX_COPIED_BYTES = 16_777_216;

export interface LogViewHandle {
  openSearch(): void;
  stepMatch(direction: 'next' | 'previous'): void;
  openGoToLine(): void;
  stepTrouble(direction: 'next' | 'previous'): void;
  copy(form: 'shown' | 'raw'): Promise<void>;
  follow(): void;
  goToLine(line: number): void;
  /** The last line written at or before a time comes to the top. */
  revealTime(atMs: number): void;
  /** Link to the line one is at. */
  readonly activeLine: number | null;
}

export function LogView({
  source,
  look,
  line,
  emptyText,
  onLine,
  onTopTime,
  onState,
  handle,
}: {
  readonly source: LogSource;
  readonly look: LogLook;
  /** A line to go to, from 0. */
  readonly line: number | null;
  readonly emptyText: string;
  /** A line was chosen: the link to it. */
  readonly onLine: (line: number) => void;
  /** The time of the first row on screen after it was scrolled; null when it stays at its end, whatever is on screen yet. */
  readonly onTopTime: (atMs: number | null) => void;
  readonly onState: (state: { sizeBytes: number; lines: number; isComplete: boolean } | null) => void;
  readonly handle: Ref<LogViewHandle>;
}) {
  const client = useClient();
  const ground = useGround();
  const { feed, version } = useLogFeed(source);
  const { opened, toggleOpened } = useOpenedLines(feed);
  const state = feed?.state ?? null;
  const troubles = useTroubles(source, state);
  const [bar, setBar] = useState<'search' | 'line' | null>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  /** It was scrolled: the time of the first row is to be told. */
  const wantsTime = useRef(false);
  /** Times to go to that were asked for: an answer that comes after a later question is too old. */
  const timesAsked = useRef(0);
  /** How often the search was closed. */
  const closed = useRef(0);

  useEffect(() => feed?.setFolded(look.isFolded), [feed, look.isFolded]);
  const totalRows = feed?.totalRows ?? 0;
  const isUniform = !look.isWrapped && opened.size === 0;
  const scroll = useLogScroll({ rows: totalRows, isUniform, layoutKey: `${version} ${opened.size}` });
  const { first, end, reveal, frame, block } = scroll;
  useEffect(() => feed?.need(Math.max(0, first - 100), end + 100), [feed, first, end, totalRows]);
  const rows = useMemo(() => {
    void version;
    return Array.from({ length: Math.max(0, end - first) }, (_, index) => feed?.rowAt(first + index) ?? null);
  }, [feed, version, first, end]);
  const search = useLogSearch({ source, isOpen: bar === 'search', block, rows, painted: rows });
  const select = useLogSelection({ frame, block, moveBy: scroll.moveBy, painted: rows });

  useEffect(() => onState(state), [onState, state]);
  // What came while one was reading further up.
  const lines = state?.lines ?? 0;
  const [seenLines, setSeenLines] = useState(0);
  const newestLines = useRef(lines);
  useEffect(() => {
    newestLines.current = lines;
  });
  useEffect(() => {
    if (!scroll.isFollowing) setSeenLines(newestLines.current);
  }, [scroll.isFollowing]);

  const { line: activeLine, set: setActiveLine, go: goToLine } = useActiveLine(feed, reveal);
  // A link to a line: once lines are counted.
  const isComplete = state?.isComplete === true;
  useEffect(() => {
    if (isComplete && line !== null) void goToLine(line);
  }, [isComplete, line, goToLine]);

  const stepMatch = useMatchSteps({ feed, search, closed, topRow: scroll.topRow, goToLine });
  const goToTrouble = (trouble: LogTrouble) => void goToLine(trouble.line);
  const stepTrouble = (direction: 'next' | 'previous') => {
    const from = activeLine ?? feed?.rowAt(scroll.topRow())?.line ?? 0;
    const { list } = troubles;
    const next =
      direction === 'next'
        ? (list.find((trouble) => trouble.line > from) ?? list[0])
        : (list.findLast((trouble) => trouble.line < from) ?? list.at(-1));
    if (next) goToTrouble(next);
  };
  const copy = async (form: 'shown' | 'raw') => {
    const chosen = select.selection;
    if (!chosen || !feed) return;
    const range = { first: chosen.from.line, last: chosen.to.line, form, limitBytes: MAX_COPIED_BYTES };
    const { text, nextLine } = await client.logs.text({ source: feed.source, ...range });
    const isAll = nextLine === null || nextLine > chosen.to.line;
    copyText(
      form === 'shown' ? cutToSelection(text, chosen, isAll) : text,
      isAll
        ? 'Copied'
        : `Copied the first ${formatInteger((nextLine ?? 0) - chosen.from.line)} lines: 16 MB is the most`,
    );
  };
  const onNumber = useCallback(
    (row: LogRow) => {
      if (row.line === null) return;
      setActiveLine(row.line);
      onLine(row.line);
    },
    [onLine, setActiveLine],
  );
  const onRepeat = useCallback((row: LogRow) => feed?.toggleRepeat(row), [feed]);
  const closeBar = () => {
    closed.current += 1;
    setBar(null);
    frame.current?.focus();
  };

  useImperativeHandle(handle, () => ({
    openSearch() {
      setBar('search');
      searchInput.current?.focus();
      searchInput.current?.select();
    },
    stepMatch(direction) {
      if (bar === 'search') void stepMatch(direction).catch(notifyError);
      else setBar('search');
    },
    openGoToLine: () => setBar('line'),
    stepTrouble,
    copy,
    follow() {
      timesAsked.current += 1;
      scroll.setFollowing(true);
    },
    goToLine: (wanted) => void goToLine(wanted),
    revealTime(atMs) {
      if (!feed?.state?.isComplete) return;
      const folding = { isFolded: feed.isFolded, unfolded: [...feed.unfolded] };
      timesAsked.current += 1;
      const question = timesAsked.current;
      client.logs.locate({ source: feed.source, at: { kind: 'time', atMs }, folding }).then(
        ({ row }) => {
          if (question === timesAsked.current) scroll.toRow(row);
        },
        () => undefined,
      );
    },
    get activeLine() {
      return activeLine;
    },
  }));

  const tellTime = () => {
    wantsTime.current = false;
    if (scroll.isFollowing) return onTopTime(null);
    for (let row = scroll.topRow(); row < end; row += 1) {
      const shown = feed?.rowAt(row);
      const atMs = shown ? timeOf(shownText(shown).text) : null;
      if (atMs === null) continue;
      onTopTime(atMs);
      return;
    }
    wantsTime.current = true;
  };
  // Once the rows that were scrolled to are drawn; they may come later.
  useEffect(() => {
    if (wantsTime.current) tellTime();
    // oxlint-disable-next-line react/exhaustive-deps
  }, [rows]);
  const newLines = scroll.isFollowing ? 0 : Math.max(0, lines - seenLines);
  const digits = Math.max(4, String(lines).length + 1);

  return (
    <div className={styles['view']}>
      {bar === 'search' ? (
        <SearchBar
          search={search}
          inputRef={searchInput}
          onStep={(direction) => void stepMatch(direction).catch(notifyError)}
          onClose={closeBar}
        />
      ) : bar === 'line' ? (
        <GoToLine lines={lines} onGo={(wanted) => void goToLine(wanted)} onClose={closeBar} />
      ) : null}
      {troubles.root ? (
        <TroubleStrip root={troubles.root} count={troubles.count} onGo={goToTrouble} onStep={stepTrouble} />
      ) : null}
      {feed?.problem ? (
        <p className={styles['note']} role="alert">
          {describeError(feed.problem).title}
        </p>
      ) : feed?.isTail && state ? (
        <p className={styles['note']} role="status">
          {`Counting lines, ${formatShare(state.sizeBytes === 0 ? 0 : state.indexedBytes / state.sizeBytes)} of the log; these are the last ones`}
        </p>
      ) : null}
      <div className={styles['body']}>
        {/* Text that can be scrolled, selected and copied with mouse and keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div
          ref={frame}
          className={styles['frame']}
          role="log"
          aria-live="off"
          aria-label="Log text"
          data-wrapped={look.isWrapped || undefined}
          // Scrollable with the keyboard.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          onKeyDown={(event) => {
            if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
              event.preventDefault();
              select.selectLines(0, Math.max(0, lines - 1));
            } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
              if (window.getSelection()?.isCollapsed === false || !select.selection) return;
              event.preventDefault();
              void copy('shown').catch(notifyError);
            } else if (event.key === 'Escape') select.clear();
            else scroll.onKeyDown(event);
          }}
          onScroll={() => {
            wantsTime.current = true;
          }}
          {...select.handlers}
        >
          <div className={styles['spacer']} style={{ height: scroll.bodyPx }}>
            <div
              className={styles['window']}
              style={{ height: scroll.viewPx }}
              data-end={scroll.isAtEnd || undefined}
            >
              <div ref={block} className={styles['block']}>
                {rows.map((row, index) => (
                  <LogRowView
                    key={first + index}
                    row={row}
                    ground={ground}
                    digits={digits}
                    isActive={row !== null && row.line !== null && row.line === activeLine}
                    trouble={troubleAt(troubles, row?.line ?? null)}
                    sinceMs={look.hasTimes ? (state?.firstTimeMs ?? null) : null}
                    opened={row === null || row.line === null ? null : (opened.get(row.line) ?? null)}
                    onNumber={onNumber}
                    onRepeat={onRepeat}
                    onOpen={toggleOpened}
                  />
                ))}
              </div>
            </div>
          </div>
        </div>
        {totalRows === 0 ? <p className={styles['empty']}>{emptyText}</p> : null}
        <OverviewRuler
          state={state}
          troubles={troubles.list}
          density={search.state?.density ?? []}
          onGo={(wanted) => void goToLine(wanted)}
        />
        {newLines > 0 ? (
          <button type="button" className={styles['pill']} onClick={() => scroll.setFollowing(true)}>
            {`${formatInteger(newLines)} new ${newLines === 1 ? 'line' : 'lines'}`}
          </button>
        ) : null}
      </div>
    </div>
  );
}
