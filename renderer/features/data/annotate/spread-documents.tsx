// The documents behind a bar of the spread: those whose ratings are at most so far apart, each a way to the document.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { describeError } from '../../../app/describe-error.ts';
import { useClient } from '../../../app/session.ts';
import { TableFigure } from '../../../charts/table-figure.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import frame from '../report-frame.module.css';
import { documentColumn } from './document-column.tsx';
import { annotationsKey } from './use-campaigns.ts';

export function SpreadDocuments(props: {
  readonly campaign: string;
  readonly atMost: number;
  /** Changes with every reading of the report: the list is read again with it. */
  readonly version: number;
  readonly onGo: (position: number) => void;
  readonly onClose: () => void;
}) {
  const { campaign, atMost, version, onGo, onClose } = props;
  const client = useClient();
  const found = useQuery({
    queryKey: [...annotationsKey, 'spread', campaign, atMost, version],
    queryFn: ({ signal }) => client.annotations.spread({ campaign, atMost }, { signal }),
    placeholderData: keepPreviousData,
  });
  if (found.error) return <ErrorState compact {...describeError(found.error)} />;
  if (!found.data) return <Skeleton label="Looking for documents" rows={4} />;
  const { documents, total, hidden, annotators } = found.data;
  const left = total - hidden - documents.length;
  const notes = [
    ...(left > 0 ? [`the first ${formatInteger(documents.length)} are listed`] : []),
    ...(hidden > 0 ? [`${formatQuantity(hidden, 'document')} stay hidden until all have rated them`] : []),
  ];
  return (
    <TableFigure
      name={`Documents with a spread of at most ${atMost}`}
      title={`Spread of at most ${atMost}`}
      aside={[formatQuantity(total, 'document'), ...notes].join(', ')}
      rows={documents}
      idOf={({ document }) => document}
      columns={[
        documentColumn(onGo),
        {
          id: 'spread',
          header: 'Spread',
          align: 'right',
          cell: ({ spread }) => formatInteger(spread),
          value: ({ spread }) => spread,
        },
        ...annotators.map((annotator, index) => ({
          id: `by ${annotator}`,
          header: annotator,
          align: 'right' as const,
          cell: ({ ratings }: { readonly ratings: readonly (number | null)[] }) => ratings[index] ?? '–',
          value: ({ ratings }: { readonly ratings: readonly (number | null)[] }) => ratings[index] ?? null,
        })),
      ]}
    >
      <p className={frame['hint']}>
        <Button kind="quiet" onPress={onClose}>
          Close the list
        </Button>
      </p>
    </TableFigure>
  );
}
