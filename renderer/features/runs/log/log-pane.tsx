// The logs of a run beside each other, up to four: stdout and stderr, ranks, array tasks. One bar for all; keys act on the one that was
// used last, and scrolling may be locked by the times in the lines.
import { ArrowDownToLine, Clock, Columns2, FoldVertical, Link2, Search, WrapText, X } from 'lucide-react';
import { memo, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { LogSource } from '../../../../core/api/logs.ts';
import type { LogFile, SeriesSource } from '../../../../core/api/series.ts';
import { useCommands } from '../../../app/commands.ts';
import { notify } from '../../../app/notifications.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { useViewState } from '../../../app/view-state.ts';
import { IconButton } from '../../../ui/button.tsx';
import { formatDiskSize, formatInteger } from '../../../ui/format.ts';
import { Menu } from '../../../ui/menu.tsx';
import { PaneHeader } from '../../../ui/pane.tsx';
import { findCause } from './find-cause.ts';
import { defaultLogLook, parseLogLook } from './log-look.ts';
import styles from './log.module.css';
import type { LogViewHandle } from './log-view.tsx';
import { LogColumn } from './log-column.tsx';
import { useLogFiles } from './use-log-files.ts';
import { LogMenu } from './log-menu.tsx';
import { useLogCommands } from './use-log-commands.ts';

/** More do not fit beside each other. */
const MAX_COLUMNS = 4;

interface Shown {
  readonly sizeBytes: number;
  readonly lines: number;
  readonly isComplete: boolean;
}

/** Drawn anew only for another log or link, not for every point of the curves above it. */
export const LogPane = memo(function LogPane({
  source,
  argument,
  query,
}: {
  readonly source: SeriesSource;
  readonly argument: string | null;
  readonly query: URLSearchParams;
}) {
  const client = useClient();
  const [look, setLook] = useViewState('runs.log', parseLogLook, defaultLogLook);
  const files = useLogFiles(source);
  const linked = query.get('log');
  const key = JSON.stringify([source, linked]);
  const [chosen, setChosen] = useState<{
    readonly key: string;
    readonly names: readonly (string | null)[];
  } | null>(null);
  const names = chosen?.key === key ? chosen.names : [linked];
  const setNames = (next: readonly (string | null)[]) => setChosen({ key, names: next });
  const [active, setActive] = useState(0);
  const [isLocked, setLocked] = useState(true);
  const tellShown = useRef<(shown: Shown | null) => void>(ignore);
  const listenShown = useCallback((tell: (shown: Shown | null) => void) => {
    tellShown.current = tell;
    return () => {
      tellShown.current = ignore;
    };
  }, []);
  const onShown = useCallback((shown: Shown | null) => tellShown.current(shown), []);
  const handles = useRef<(LogViewHandle | null)[]>([]);
  const activeIndex = Math.min(active, names.length - 1);
  const current = (): LogViewHandle | null => handles.current[activeIndex] ?? null;
  const labelOf = (name: string | null): string => name ?? files[0]?.name ?? 'log.txt';
  const goToCause = async () => {
    const found = await findCause(
      client,
      files.map(({ name }) => name),
      (name) => logSourceOf(source, name),
    );
    if (found === null) {
      notify({ severity: 'info', title: 'No log tells of an error' });
      return;
    }
    const at = names.findIndex((name) => labelOf(name) === found.name);
    if (at >= 0) {
      setActive(at);
      handles.current[at]?.goToLine(found.trouble.line);
      return;
    }
    navigate(
      href('runs', argument, { ...Object.fromEntries(query), log: found.name, line: found.trouble.line + 1 }),
    );
  };
  const commands = useLogCommands(current, files.length > 1 ? goToCause : null);
  useCommands(commands);

  const lineText = query.get('line');
  const line = lineText !== null && /^\d{1,15}$/.test(lineText) ? Math.max(0, Number(lineText) - 1) : null;
  const linkOf = (index: number, wanted: number): string => {
    const name = names[index] ?? null;
    const kept = Object.fromEntries(query);
    delete kept['log'];
    return href('runs', argument, { ...kept, ...(name === null ? {} : { log: name }), line: wanted + 1 });
  };
  const onTopTime = (from: number, atMs: number | null) => {
    // Those that follow scroll too: only the one a person moves leads.
    if (!isLocked || names.length === 1 || from !== activeIndex) return;
    for (const [index, handle] of handles.current.entries()) {
      if (index === from) continue;
      if (atMs === null) handle?.follow();
      else handle?.revealTime(atMs);
    }
  };
  const addColumn = () => {
    const next = files.find(({ name }, at) => !names.includes(name) && !(at === 0 && names.includes(null)));
    setNames([...names, next?.name ?? null]);
    setActive(names.length);
  };
  const sourceAt = (index: number): LogSource => logSourceOf(source, names[index] ?? null);

  const fileMenu = (name: string | null, index: number) => (
    <Menu
      label={`Log ${index + 1}: ${labelOf(name)}`}
      look="bare"
      groups={[
        files.map((file) => ({
          id: file.name,
          label: file.name,
          detail: fileDetail(file),
          isOn: file.name === labelOf(name),
          perform: () => setNames(names.map((one, at) => (at === index ? file.name : one))),
        })),
      ]}
    >
      {labelOf(name)}
    </Menu>
  );

  return (
    <section className={styles['pane']} aria-label="Log">
      <PaneHeader
        title="Log"
        detail={names.length > 1 ? '' : <ShownSize listen={listenShown} />}
        actions={
          <>
            {names.length === 1 && files.length > 1 ? fileMenu(names[0] ?? null, 0) : null}
            {names.length > 1 ? (
              <IconButton
                icon={Link2}
                label={isLocked ? 'Scroll each by itself' : 'Scroll all to the same time'}
                isPressed={isLocked}
                onPress={() => setLocked(!isLocked)}
              />
            ) : null}
            <IconButton
              icon={Search}
              label="Search the log"
              keys="Mod+F"
              onPress={() => current()?.openSearch()}
            />
            <IconButton
              icon={WrapText}
              label={look.isWrapped ? 'One row a line' : 'Wrap long lines'}
              keys="Alt+Z"
              isPressed={look.isWrapped}
              onPress={() => setLook({ ...look, isWrapped: !look.isWrapped })}
            />
            <IconButton
              icon={FoldVertical}
              label={look.isFolded ? 'Show repeated lines' : 'Fold repeated lines'}
              isPressed={look.isFolded}
              onPress={() => setLook({ ...look, isFolded: !look.isFolded })}
            />
            <IconButton
              icon={Clock}
              label={look.hasTimes ? 'Hide times' : 'Show time since the first line'}
              isPressed={look.hasTimes}
              onPress={() => setLook({ ...look, hasTimes: !look.hasTimes })}
            />
            <IconButton
              icon={ArrowDownToLine}
              label="Go to the end and follow"
              keys="End"
              onPress={() => current()?.follow()}
            />
            {files.length > 1 && names.length < MAX_COLUMNS ? (
              <IconButton icon={Columns2} label="Show another log beside it" onPress={addColumn} />
            ) : null}
            <LogMenu
              source={source}
              name={names[activeIndex] ?? null}
              shownName={labelOf(names[activeIndex] ?? null)}
              log={current}
              link={() => linkOf(activeIndex, current()?.activeLine ?? 0)}
              goToCause={files.length > 1 ? goToCause : null}
            />
          </>
        }
      />
      <div className={styles['columns']} data-count={names.length}>
        {names.map((name, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <div
            key={index}
            className={styles['column']}
            data-active={(names.length > 1 && index === activeIndex) || undefined}
            onFocusCapture={() => setActive(index)}
            onPointerDownCapture={() => setActive(index)}
            onWheelCapture={() => setActive(index)}
            role="presentation"
          >
            {names.length > 1 ? (
              <div className={styles['columnHead']}>
                {fileMenu(name, index)}
                <span className={styles['spring']} />
                <IconButton
                  size="small"
                  icon={X}
                  label={`Close ${labelOf(name)}`}
                  onPress={() => setNames(names.filter((_, at) => at !== index))}
                />
              </div>
            ) : null}
            <LogColumn
              key={JSON.stringify(sourceAt(index))}
              source={sourceAt(index)}
              look={look}
              line={index === 0 && chosen?.key !== key ? line : null}
              onLine={(wanted) => navigate(linkOf(index, wanted), { replace: true })}
              onTopTime={(atMs) => onTopTime(index, atMs)}
              onState={index === 0 ? onShown : ignore}
              onHandle={(handle) => {
                handles.current[index] = handle;
              }}
            />
          </div>
        ))}
      </div>
    </section>
  );
});

/** By itself: it changes with every line, and the bar around it does not. */
function ShownSize({ listen }: { readonly listen: (tell: (shown: Shown | null) => void) => () => void }) {
  const [shown, setShown] = useState<Shown | null>(null);
  // Before the log below says what it has.
  useLayoutEffect(() => listen(setShown), [listen]);
  return shown === null ? '' : sizeText(shown);
}

const ignore = (): void => undefined;

function logSourceOf(source: SeriesSource, name: string | null): LogSource {
  if (source.kind === 'file') return source;
  return name === null ? source : { ...source, file: name };
}

function sizeText({ sizeBytes, lines, isComplete }: Shown): string {
  const size = formatDiskSize(sizeBytes);
  return isComplete ? `${formatInteger(lines)} ${lines === 1 ? 'line' : 'lines'}, ${size}` : size;
}

function fileDetail({ sizeBytes, kind, rank, task, node }: LogFile): string {
  const what = [
    kind === 'stderr' ? 'stderr' : null,
    task === null ? null : `task ${task}`,
    rank === null ? null : `rank ${rank}`,
    node,
  ].filter((part) => part !== null);
  return [...what, formatDiskSize(sizeBytes)].join(', ');
}
