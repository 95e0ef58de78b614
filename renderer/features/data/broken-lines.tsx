// Lines of a JSONL file that are not JSON objects: how many were skipped, and the first ones to look at.
import type { DatasetInfo } from '../../../core/api/dataset-shape.ts';
import { formatInteger, formatQuantity } from '../../ui/format.ts';
import styles from './broken-lines.module.css';

export function BrokenLines({ broken }: { readonly broken: DatasetInfo['brokenLines'] }) {
  return (
    <details className={styles['broken']}>
      <summary>
        {broken.isCut === true ? 'More than ' : ''}
        {formatQuantity(broken.count, 'broken line')} skipped; every other line is shown
      </summary>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Reason</th>
            <th scope="col">Begins with</th>
          </tr>
        </thead>
        <tbody>
          {broken.first.map((line) => (
            <tr key={line.line}>
              <td>{formatInteger(line.line)}</td>
              <td>{line.reason}</td>
              <td>
                <code>{line.excerpt}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
