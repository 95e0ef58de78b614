// A list among others in one pane: as high as its rows, up to a part of the window; longer ones scroll by themselves.
import type { ReactNode } from 'react';
import styles from './sized-list.module.css';

const ROW_PX = 46;
/** The field for filtering, which longer lists have. */
const FIELD_PX = 37;
const FIELD_FROM = 9;

export function SizedList({ rows, children }: { readonly rows: number; readonly children: ReactNode }) {
  // Without rows there are words instead.
  if (rows === 0) return <>{children}</>;
  const heightPx = rows * ROW_PX + (rows >= FIELD_FROM ? FIELD_PX : 0);
  return (
    <div className={styles['sized']} style={{ height: heightPx }}>
      {children}
    </div>
  );
}
