// Says that core is gone, what still stands on screen, and that it came back. Never blocks.
import { useEffect, useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { formatDuration } from '../ui/format.ts';
import styles from './frame.module.css';
import { notify } from './notifications.ts';
import { useConnection, useSession } from './session.ts';
import { useNow } from './use-now.ts';

export function CoreLostBanner() {
  const state = useConnection();
  const wasLost = useRef(false);
  useEffect(() => {
    if (state.kind === 'lost') wasLost.current = true;
    else if (state.kind === 'connected' && wasLost.current) {
      wasLost.current = false;
      notify({
        severity: 'good',
        title: 'Connected again',
        detail: 'Streams and lists go on where they were',
      });
    }
  }, [state]);
  return state.kind === 'lost' ? <Banner sinceMs={state.sinceMs} reason={state.reason} /> : null;
}

function Banner({ sinceMs, reason }: { readonly sinceMs: number; readonly reason: string }) {
  const { connection } = useSession();
  const nowMs = useNow(1_000);
  return (
    <div className={styles['banner']} role="alert">
      <strong>Connection to the studio’s core lost</strong>
      <span>
        {reason}. What you see is {formatDuration(Math.max(1_000, nowMs - sinceMs))} old; runs on this
        computer go on.
      </span>
      <span className={styles['spring']} />
      <Button onPress={() => connection.retry()}>Try now</Button>
    </div>
  );
}
