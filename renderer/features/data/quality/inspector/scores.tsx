// The scores of one document beside the thresholds of its language: which heads let it pass, and by how much.
import type { SampleRow, ThresholdResult } from '../../../../../core/api/quality.ts';
import { operatorSign } from '../lab/choice.ts';
import { headLabel } from '../lab/figures.ts';
import styles from './scores.module.css';
import { formatFixed } from '../../../../ui/format.ts';

export function Scores({ row, result }: { readonly row: SampleRow; readonly result: ThresholdResult }) {
  const { filter } = result;
  return (
    <table className={styles['table']}>
      <caption className="visually-hidden">Scores of the document</caption>
      <tbody>
        {filter.heads.map(({ name }) => {
          const score = row.scores[name] ?? null;
          const threshold = filter.thresholds[row.language]?.[name] ?? null;
          const passes =
            score !== null &&
            threshold !== null &&
            (filter.operator === 'gte' ? score >= threshold : score > threshold);
          return (
            <tr key={name}>
              <th scope="row" title={headLabel(name)}>
                {headLabel(name)}
              </th>
              <td>{score === null ? '–' : formatFixed(score, 3)}</td>
              <td className={styles['threshold']}>
                {threshold === null
                  ? 'no threshold'
                  : `${operatorSign(filter.operator)} ${formatFixed(threshold, 3)}`}
              </td>
              <td data-passes={passes || undefined} className={styles['verdict']}>
                {passes ? 'passes' : 'fails'}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
