// Whether the files of a report are still what they were: one sentence, and each that is not, by name.
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReportVerification } from '../../../../core/api/reports.ts';
import { describeError } from '../../../app/describe-error.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { formatInteger } from '../../../ui/format.ts';
import styles from './reports.module.css';

const words = {
  same: 'the same',
  grown: 'the same up to what was read; it grew since',
  changed: 'changed',
  missing: 'missing',
} as const;

export function VerificationView({
  verification,
}: {
  readonly verification: UseQueryResult<ReportVerification>;
}) {
  const { data, isFetching, error } = verification;
  if (isFetching || (data === undefined && error === null)) {
    return (
      <p className={styles['state']} role="status">
        Hashing the files it was drawn from…
      </p>
    );
  }
  if (data === undefined) {
    return (
      <p className={styles['state']} data-state="bad" role="alert">
        {describeError(error).title}
      </p>
    );
  }
  const rows = [
    ...data.outputs.map(({ name, sha256, state }) => ({
      path: `reports/${data.run}/${name}`,
      what: 'the report itself',
      sha256,
      state,
    })),
    ...data.sources,
  ];
  const bad = rows.filter(({ state }) => state === 'changed' || state === 'missing');
  return (
    <>
      <p className={styles['state']} data-state={data.isSame ? 'good' : 'bad'} role="status">
        {data.isSame
          ? `Verified: all ${formatInteger(rows.length)} files are as they were when it was written`
          : `${formatInteger(bad.length)} of ${formatInteger(rows.length)} files are not as they were: ${bad
              .slice(0, 5)
              .map(({ path, state }) => `${path} (${words[state]})`)
              .join(', ')}${bad.length > 5 ? ', …' : ''}`}
      </p>
      <details className={styles['files']}>
        <summary>{`All ${formatInteger(rows.length)} files`}</summary>
        <div className={styles['scroll']}>
          <DataTable
            label="Files of the report"
            rows={rows}
            idOf={({ path }) => path}
            columns={[
              { id: 'path', header: 'File', cell: ({ path }) => path },
              { id: 'what', header: 'What', cell: ({ what }) => what },
              { id: 'state', header: 'Is', cell: ({ state }) => words[state] },
              { id: 'hash', header: 'SHA-256', cell: ({ sha256 }) => <code>{sha256.slice(0, 16)}</code> },
            ]}
          />
        </div>
      </details>
    </>
  );
}
