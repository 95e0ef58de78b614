// The histogram of one numeric column, over all rows of the file or those of a view; a bar filters. The query is cancelled when it is no longer wanted.
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { Histogram } from '../../charts/histogram.tsx';
import { describeError } from '../../app/describe-error.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { IconButton } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { formatInteger } from '../../ui/format.ts';
import { Pane, PaneHeader } from '../../ui/pane.tsx';
import { Select } from '../../ui/select.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

const BIN_CHOICES = ['20', '40', '80', '160'].map((id) => ({ id, label: `${id} bins` }));

export interface ColumnHistogramProps {
  readonly path: string;
  readonly column: string;
  /** Null: all rows of the file. */
  readonly viewId: string | null;
  /** `includesTo`: the interval is the last one, closed on both sides. */
  readonly onPick: (from: number, to: number, includesTo: boolean) => void;
  readonly onClose: () => void;
}

export function ColumnHistogram({ path, column, viewId, onPick, onClose }: ColumnHistogramProps) {
  const client = useClient();
  const [bins, setBins] = useState('40');
  const histogram = useQuery({
    queryKey: [...queryKeys.dataset(path), 'histogram', viewId, column, bins],
    queryFn: ({ signal }) =>
      viewId === null
        ? client.datasets.histogram({ path, column, bins: Number(bins) }, { signal })
        : client.datasets.viewHistogram({ viewId, column, bins: Number(bins) }, { signal }),
  });
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={column}
          detail={
            histogram.data
              ? `histogram over ${viewId === null ? 'all' : 'the'} ${formatInteger(histogram.data.rows)} ${viewId === null ? 'rows' : 'matching rows'}`
              : ''
          }
          actions={
            <>
              <Select label="Bins" isLabelHidden choices={BIN_CHOICES} value={bins} onChange={setBins} />
              <IconButton icon={X} label="Close histogram" onPress={onClose} />
            </>
          }
        />
      }
    >
      {histogram.data ? (
        <Histogram
          title={`Histogram of ${column}`}
          edges={histogram.data.edges}
          counts={histogram.data.counts}
          nulls={histogram.data.nulls}
          onPick={(from, to) => onPick(from, to, to === histogram.data.edges.at(-1))}
        />
      ) : histogram.error ? (
        <ErrorState compact {...describeError(histogram.error)} />
      ) : (
        <Skeleton label={`Counting ${column}`} rows={4} />
      )}
    </Pane>
  );
}
