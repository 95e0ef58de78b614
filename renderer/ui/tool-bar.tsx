// The bar above a grid or a table: what is searched, chosen and filtered, and at its end what the signs below mean.
import type { ReactNode } from 'react';
import styles from './tool-bar.module.css';

export function ToolBar({ children }: { readonly children: ReactNode }) {
  return <div className={styles['bar']}>{children}</div>;
}

export function Legend({ children }: { readonly children: ReactNode }) {
  return <span className={styles['legend']}>{children}</span>;
}
