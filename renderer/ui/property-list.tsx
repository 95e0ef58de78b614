// Names and values, one a line, as inspectors show them; words and what they mean; and one large figure with what it is.
import { Fragment, type ReactNode } from 'react';
import styles from './property-list.module.css';

export interface Property {
  readonly name: ReactNode;
  readonly value: ReactNode;
  /** Says the convention or the source; a tooltip of the browser. */
  readonly title?: string;
}

export function PropertyList({ properties }: { readonly properties: readonly Property[] }) {
  return (
    <dl className={styles['list']}>
      {properties.map(({ name, value, title }, index) => (
        <div key={index} className={styles['row']} title={title}>
          <dt title={typeof name === 'string' ? name : undefined}>{name}</dt>
          <dd className={isWords(value) ? styles['words'] : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What words mean: the explanations are read as sentences, so they begin at one edge. */
export function Definitions({ terms }: { readonly terms: readonly (readonly [string, string])[] }) {
  return (
    <dl className={styles['definitions']}>
      {terms.map(([term, meaning]) => (
        <Fragment key={term}>
          <dt>{term}</dt>
          <dd>{meaning}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** Digits of one width pull the hyphens of names and sentences apart. */
function isWords(value: ReactNode): boolean {
  return typeof value === 'string' && /^\p{L}/u.test(value);
}

export function Figure({ value, caption }: { readonly value: ReactNode; readonly caption: ReactNode }) {
  return (
    <div className={styles['figure']}>
      <span className={styles['value']}>{value}</span>
      <span className={styles['caption']}>{caption}</span>
    </div>
  );
}
