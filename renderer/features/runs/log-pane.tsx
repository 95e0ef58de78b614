// The raw log of a source: the newest bytes, following while the reader is at the end.
// Shows text only; what the lines mean is the charts' business.
import { useEffect, useRef, useState } from 'react';
import type { LogChunk, SeriesSource } from '../../../core/api/series.ts';
import { formatDiskSize } from '../../../core/lib/format/numbers.ts';
import { useClient } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { PaneHeader } from '../../ui/pane.tsx';

import styles from './log-pane.module.css';

/** What is kept on screen; older text is one click away in the file itself. */
const KEEP_CHARACTERS = 400_000;
const STEP_BYTES = 262_144;

export interface LogPaneProps {
  readonly source: SeriesSource;
  /** Changes when the source has grown. */
  readonly version: number;
}

export function LogPane({ source, version }: LogPaneProps) {
  const client = useClient();
  const [log, setLog] = useState<LogChunk | null>(null);
  const [following, setFollowing] = useState(true);
  const frame = useRef<HTMLPreElement>(null);
  const position = useRef<number | null>(null);
  const key = JSON.stringify(source);

  useEffect(() => {
    position.current = null;
    setLog(null);
  }, [key]);

  useEffect(() => {
    const controller = new AbortController();
    const read = async () => {
      const start = position.current;
      const wanted = JSON.parse(key) as SeriesSource;
      const input = { source: wanted, limitBytes: STEP_BYTES, ...(start === null ? {} : { start }) };
      const chunk = await client.series.log(input, { signal: controller.signal });
      if (controller.signal.aborted) return;
      position.current = chunk.end;
      setLog((known) => (start === null || !known ? chunk : joined(known, chunk)));
    };
    read().catch(() => {
      // The feed beside this pane reports a lost connection or a missing file; the log keeps what it has.
    });
    return () => controller.abort();
  }, [client, key, version]);

  useEffect(() => {
    const element = frame.current;
    if (following && element && log) element.scrollTop = element.scrollHeight;
  }, [log, following]);

  return (
    <section className={styles['pane']} aria-label="Log">
      <PaneHeader
        title="Log"
        detail={log ? sizeOf(log) : ''}
        actions={
          <Button kind="quiet" onPress={() => setFollowing(!following)}>
            {following ? 'Following' : 'Follow'}
          </Button>
        }
      />
      <pre
        ref={frame}
        className={styles['log']}
        // Scrollable with the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label="Log text"
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          setFollowing(scrollHeight - scrollTop - clientHeight < 24);
        }}
      >
        {log === null ? '' : log.text === '' ? 'Nothing was printed yet' : withoutAnsi(log.text)}
      </pre>
    </section>
  );
}

/** Says when only the end of a long log is on screen. */
function sizeOf({ start, end, sizeBytes }: LogChunk): string {
  const size = formatDiskSize(sizeBytes);
  return start > 0 ? `last ${formatDiskSize(end - start)} of ${size}` : size;
}

function joined(known: LogChunk, more: LogChunk): LogChunk {
  const text = (known.text + more.text).slice(-KEEP_CHARACTERS);
  return { ...more, start: known.start, text };
}

/** Colours of terminals say nothing here. */
function withoutAnsi(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '');
}
