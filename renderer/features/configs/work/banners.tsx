// What a person must know about the open file before anything else: conflict, removed, read-only, restored, large.
// Knows the buffer's state; acts through the calls it is given.
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { Button } from '../../../ui/button.tsx';
import { formatAge } from '../../../ui/format.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import styles from './work.module.css';

export function Banners({
  buffer,
  readOnlyReason,
  onSave,
}: {
  readonly buffer: ConfigBuffer;
  readonly readOnlyReason: string | null;
  readonly onSave: () => void;
}) {
  const { removed, restoredMs, dirty } = useStore(buffer.state);
  return (
    <>
      {readOnlyReason === null ? null : <Banner tone="info">{readOnlyReason}</Banner>}
      {removed ? (
        <Banner tone="bad" actions={<Button onPress={onSave}>Save again</Button>}>
          The file was removed by another program. Its text is still here.
        </Banner>
      ) : null}
      {restoredMs !== null && dirty ? (
        <Banner
          tone="info"
          actions={
            <>
              <Button
                onPress={() => {
                  buffer.become(buffer.base().text);
                  buffer.state.setState({ restoredMs: null });
                }}
              >
                Discard
              </Button>
              <Button kind="quiet" onPress={() => buffer.state.setState({ restoredMs: null })}>
                Keep editing
              </Button>
            </>
          }
        >
          Unsaved text from {formatAge(restoredMs)} was put back
        </Banner>
      ) : null}
      {buffer.plain ? (
        <Banner tone="info">
          The file is larger than 5 MB: it opens as plain text, without check and form
        </Banner>
      ) : null}
      {buffer.mixedLineEnds ? (
        <Banner tone="info">
          The file mixes Windows and Unix line ends; saving writes one kind, so more lines change than you
          edit
        </Banner>
      ) : null}
    </>
  );
}

export function Banner({
  tone,
  actions,
  children,
}: {
  readonly tone: 'info' | 'bad' | 'warn';
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles['banner']} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <span>{children}</span>
      {actions}
    </div>
  );
}
