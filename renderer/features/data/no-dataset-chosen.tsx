// The middle pane when no dataset is chosen: what opens here, and the sample.
import { useQuery } from '@tanstack/react-query';
import { Database } from 'lucide-react';
import { queryKeys } from '../../app/query-keys.ts';
import { href, navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { fileName } from '../../ui/format.ts';

const LONGEST_NAME = 40;

export function NoDatasetChosen() {
  const client = useClient();
  const datasets = useQuery({ queryKey: queryKeys.datasets, queryFn: () => client.datasets.list() });
  const first = datasets.data?.[0];
  return (
    <EmptyState
      icon={Database}
      title="Look at what the model reads"
      actions={
        first ? (
          <Button kind="primary" onPress={() => navigate(href('data', first.path))}>
            {`Open ${shortName(fileName(first.path))}`}
          </Button>
        ) : null
      }
    >
      Parquet, JSONL, CSV, Arrow and tokenized .ds files of the workspace open here, each by itself, a whole
      folder, or all that match a pattern such as data/**/*.parquet. Put them in the workspace’s data folder,
      or link them there. Text is only read when a row is on screen.
    </EmptyState>
  );
}

/** A button with a whole shard name would be wider than the pane. */
function shortName(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1)}…`;
}
