// The first rows of a file while the rest of it is read for the first time.
import { useQuery } from '@tanstack/react-query';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { formatQuantity } from '../../ui/format.ts';
import styles from './head-rows.module.css';

export function HeadRows({ path }: { readonly path: string }) {
  const client = useClient();
  const found = useQuery({
    queryKey: [...queryKeys.dataset(path), 'head'],
    queryFn: ({ signal }) => client.datasets.head({ path }, { signal }),
    // What is wrong with the file is said when it has been read.
    retry: false,
  });
  const head = found.data?.head ?? null;
  if (head === null || head.rows.length === 0) return null;
  return (
    <div className={styles['frame']}>
      <p className={styles['note']}>
        The first {formatQuantity(head.rows.length, 'row')}
        {head.file === undefined ? '' : ` of ${head.file}`}; all of them can be filtered and sorted when
        everything has been read
      </p>
      <table className={styles['table']}>
        <caption className="visually-hidden">First rows</caption>
        <thead>
          <tr>
            {head.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {head.rows.map((row, index) => (
            // The rows of a file have no other name than their place.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={index}>
              {head.columns.map((name, column) => (
                <td key={name}>{String(row[column] ?? '')}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
