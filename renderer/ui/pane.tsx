// A pane: a header row, then a body that scrolls. Sections inside it have small headings.
import type { ReactNode } from 'react';
import styles from './pane.module.css';

/** `label` is the pane's accessible name. `footer` stays below the scrolling body. */
export function Pane({
  header,
  footer,
  children,
  padded = false,
  scrolls = true,
}: {
  readonly header?: ReactNode;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
  readonly padded?: boolean;
  /** False when the body scrolls by itself (a virtual list, an editor). */
  readonly scrolls?: boolean;
}) {
  const body = [styles['body'], padded ? styles['padded'] : '', scrolls ? styles['scrolls'] : ''].join(' ');
  return (
    <div className={styles['pane']}>
      {header}
      <div className={body}>{children}</div>
      {footer ? <div className={styles['footer']}>{footer}</div> : null}
    </div>
  );
}

export function PaneHeader({
  title,
  detail,
  actions,
}: {
  readonly title: ReactNode;
  /** Beside the title, quieter: a count, a state. */
  readonly detail?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <header className={styles['header']}>
      <h2 className={styles['title']}>{title}</h2>
      {detail ? <span className={styles['detail']}>{detail}</span> : null}
      <span className={styles['spring']} />
      {actions}
    </header>
  );
}

/** In an inspector with nothing chosen: what to choose, and what it will show. */
export function PaneHint({ children }: { readonly children: ReactNode }) {
  return <p className={styles['hint']}>{children}</p>;
}

/** A small heading and what belongs to it. */
export function Section({
  title,
  aside,
  children,
}: {
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles['section']}>
      <h3 className={styles['heading']}>
        {title}
        {aside ? <span className={styles['aside']}>{aside}</span> : null}
      </h3>
      {children}
    </section>
  );
}
