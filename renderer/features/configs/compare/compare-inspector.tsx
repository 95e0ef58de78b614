// What the differences of two configs mean, in words: what changes first, what stays the same after it.
import { useMemo } from 'react';
import { compareConfigs } from '../../../../core/lib/config/compare/compare.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { useEstimate } from '../meaning/use-estimate.ts';
import { kindTitle } from '../work/kind-title.ts';
import styles from './compare.module.css';
import { parseSide } from './compare-route.ts';
import { useSide } from './use-side.ts';

export function CompareInspector({ query }: { readonly query: URLSearchParams }) {
  const before = useSide(parseSide(query.get('before')));
  const after = useSide(parseSide(query.get('after')));
  const { options } = useEstimate();
  const left = before.kind === 'ready' ? before.text : null;
  const right = after.kind === 'ready' ? after.text : null;
  const comparison = useMemo(
    () => (left === null || right === null ? null : compareConfigs(left, right, options)),
    [left, right, options],
  );
  const header = <PaneHeader title="In words" detail={comparison === null ? null : 'right against left'} />;
  if (comparison === null) {
    return (
      <Pane header={header}>
        <p className={styles['quiet']}>Choose two configs to read what their differences mean</p>
      </Pane>
    );
  }
  const different = comparison.meanings.filter(({ isSame }) => !isSame);
  const same = comparison.meanings.filter(({ isSame }) => isSame);
  return (
    <Pane header={header}>
      <div data-testid="meanings">
        {comparison.beforeKind === comparison.afterKind ? null : (
          <p className={styles['quiet']}>
            Two kinds of config: {kindTitle(comparison.beforeKind)} and {kindTitle(comparison.afterKind)}.
            They are compared as text and key by key only.
          </p>
        )}
        {comparison.changes.length === 0 ? (
          <p className={styles['quiet']}>Both configs say the same</p>
        ) : null}
        {different.length === 0 ? null : (
          <Section title="What changes" aside={<CopyButton text={comparison.summary} label="Copy" />}>
            <ul className={styles['sentences']}>
              {different.map(({ topic, text }) => (
                <li key={`${topic}${text}`}>{sentence(text)}</li>
              ))}
            </ul>
          </Section>
        )}
        {same.length === 0 || comparison.changes.length === 0 ? null : (
          <Section title="What stays the same">
            <ul className={styles['same']}>
              {same.map(({ topic, text }) => (
                <li key={`${topic}${text}`}>{sentence(text)}</li>
              ))}
            </ul>
          </Section>
        )}
      </div>
    </Pane>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}`;
}
