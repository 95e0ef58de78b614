// What two configs have different, key by key. A row shows its place in the texts; the table can be copied as Markdown.
import type { KeyChange } from '../../../../core/lib/config/compare/key-changes.ts';
import { printKeyPath } from '../../../../core/lib/config/lookup.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { Pane } from '../../../ui/pane.tsx';
import styles from './compare.module.css';

export function KeyTable({
  changes,
  onShow,
}: {
  readonly changes: readonly KeyChange[];
  readonly onShow: (change: KeyChange) => void;
}) {
  return (
    <Pane
      header={
        <header className={styles['keysHeader']}>
          <h2>Keys</h2>
          <span>{changes.length === 0 ? 'no difference' : formatQuantity(changes.length, 'difference')}</span>
          <span className={styles['spring']} />
          {changes.length === 0 ? null : <CopyButton text={asMarkdown(changes)} label="Copy as Markdown" />}
        </header>
      }
    >
      <table className={styles['keys']}>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Left</th>
            <th scope="col">Right</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => {
            const key = printKeyPath(change.path);
            return (
              <tr key={key} data-change={change.kind}>
                <th scope="row">
                  <button type="button" onClick={() => onShow(change)}>
                    {key}
                  </button>
                </th>
                <td>{change.kind === 'added' ? <i>not set</i> : change.before.text}</td>
                <td>{change.kind === 'removed' ? <i>not set</i> : change.after.text}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Pane>
  );
}

function asMarkdown(changes: readonly KeyChange[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const rows = changes.map((change) => {
    const before = change.kind === 'added' ? '' : change.before.text;
    const after = change.kind === 'removed' ? '' : change.after.text;
    return `| ${printKeyPath(change.path)} | ${cell(before)} | ${cell(after)} |`;
  });
  return ['| key | left | right |', '| --- | --- | --- |', ...rows].join('\n');
}
