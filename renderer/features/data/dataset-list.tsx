// The left pane: the dataset files of the workspace, the folders that hold several of them, a field for a pattern, and the
// saved views.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { DatasetFolder, DatasetSummary } from '../../../core/api/dataset-shape.ts';
import { distinctNames } from '../../../core/lib/datasets/distinct-names.ts';
import { describeError } from '../../app/describe-error.ts';
import type { PaneProps } from '../../app/feature.ts';
import { OmittedFiles } from '../../app/omitted-files.tsx';
import { queryKeys } from '../../app/query-keys.ts';
import { href, navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { fileName, formatDiskSize, formatQuantity } from '../../ui/format.ts';
import { ListView } from '../../ui/list-view.tsx';
import { Pane, PaneHeader } from '../../ui/pane.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { SavedViewsList } from './saved/saved-views-list.tsx';
import { OpenPattern } from './source/open-pattern.tsx';
import styles from './dataset-list.module.css';

export function DatasetListPane({ argument, query }: PaneProps) {
  const client = useClient();
  const datasets = useQuery({ queryKey: queryKeys.datasets, queryFn: () => client.datasets.list() });
  const folders = useQuery({
    queryKey: [...queryKeys.datasets, 'folders'],
    queryFn: () => client.datasets.folders(),
  });
  const items: readonly (DatasetSummary | DatasetFolder)[] = [
    ...(folders.data ?? []),
    ...(datasets.data ?? []),
  ];
  const names = useMemo(
    () => distinctNames([...(folders.data ?? []), ...(datasets.data ?? [])].map(({ path }) => path)),
    [folders.data, datasets.data],
  );
  return (
    <div className={styles['stack']}>
      <div className={styles['datasets']}>
        <Pane
          footer={<OpenPattern />}
          header={<PaneHeader title="Datasets" detail={datasets.data ? String(datasets.data.length) : ''} />}
          scrolls={false}
        >
          {datasets.data ? (
            <ListView
              label="Datasets"
              items={items}
              idOf={(dataset) => dataset.path}
              textOf={(dataset) => ('files' in dataset ? `${dataset.path}/` : dataset.path)}
              selectedId={argument}
              onOpen={(path) => navigate(href('data', path))}
              hrefOf={(dataset) => href('data', dataset.path)}
              rowHeightPx={46}
              renderItem={(dataset) => (
                <DatasetRow dataset={dataset} name={names.get(dataset.path) ?? fileName(dataset.path)} />
              )}
              empty={
                <p className={styles['empty']}>No Parquet, JSONL, CSV or Arrow files in this workspace yet</p>
              }
            />
          ) : datasets.error ? (
            <ErrorState compact {...describeError(datasets.error)} />
          ) : (
            <Skeleton label="Loading the list of datasets" />
          )}
        </Pane>
      </div>
      <OmittedFiles />
      <SavedViewsList selected={query.get('saved')} />
    </div>
  );
}

function DatasetRow(props: {
  readonly dataset: DatasetSummary | DatasetFolder;
  /** The end of its path. */
  readonly name: string;
}) {
  const { dataset, name } = props;
  const folder = dataset.path.slice(0, Math.max(0, dataset.path.length - name.length - 1));
  const isFolder = 'files' in dataset;
  const kind = isFolder ? formatQuantity(dataset.files, 'file') : dataset.format;
  const parts = [kind, formatDiskSize(dataset.sizeBytes), folder];
  return (
    <TwoLineRow
      name={isFolder ? `${name}/` : name}
      title={dataset.path}
      detail={parts.filter((part) => part !== '').join(' · ')}
    />
  );
}
