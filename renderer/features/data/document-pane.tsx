// The right pane: one whole document, wrapped, with its other fields; its arrows go to the next and previous row of the view.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp } from 'lucide-react';
import type { DatasetDocument } from '../../../core/api/datasets.ts';
import { isWhole } from '../../../core/lib/datasets/view.ts';
import { describeError } from '../../app/describe-error.ts';
import type { PaneProps } from '../../app/feature.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { formatInteger } from '../../ui/format.ts';
import { Pane, PaneHeader, Section } from '../../ui/pane.tsx';
import { PropertyList } from '../../ui/property-list.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from './document-pane.module.css';
import { placeOf, rowsHref, useDataView } from './view/data-view.ts';
import { useFoundRows } from './view/open-view.ts';
import { useViewPlace } from './view/row-place.ts';

/** Text longer than this is read as a document, shorter as a property. */
const DOCUMENT_FROM_CHARACTERS = 120;

export function DocumentPane({ argument, query }: PaneProps) {
  const client = useClient();
  const path = argument ?? '';
  const row = query.has('row') ? Number(query.get('row')) : null;
  const document = useQuery({
    queryKey: [...queryKeys.dataset(path), 'document', row],
    queryFn: ({ signal }) => client.datasets.document({ path, row: row ?? 0 }, { signal }),
    enabled: row !== null && Number.isInteger(row),
    placeholderData: keepPreviousData,
  });
  const [view] = useDataView(path, query);
  const found = useFoundRows(path);
  const place = useViewPlace(path, row, found?.viewId ?? null);
  const isWholeFile = isWhole(view);
  const previousRow = isWholeFile
    ? row === null || row <= 0
      ? null
      : row - 1
    : (place?.previousRow ?? null);
  const nextRow = isWholeFile ? (row === null ? null : row + 1) : (place?.nextRow ?? null);
  const position = isWholeFile ? null : (place?.position ?? null);
  const go = (target: number | null) => {
    if (target === null) return;
    navigate(rowsHref(path, { ...placeOf(query), row: target }, view), { replace: true });
  };
  if (row === null) {
    return (
      <Pane header={<PaneHeader title="Document" />} padded>
        <p className={styles['hint']}>Choose a row to read its whole document here</p>
      </Pane>
    );
  }
  return (
    <Pane
      header={
        <PaneHeader
          title={`Row ${formatInteger(row)}`}
          detail={
            position === null || found === null
              ? ''
              : `${formatInteger(position + 1)} of ${formatInteger(found.rows)} that match`
          }
          actions={
            <>
              <IconButton
                icon={ChevronUp}
                label="Previous document"
                isDisabled={previousRow === null}
                onPress={() => go(previousRow)}
              />
              <IconButton
                icon={ChevronDown}
                label="Next document"
                isDisabled={nextRow === null}
                onPress={() => go(nextRow)}
              />
            </>
          }
        />
      }
    >
      {document.data ? (
        <DocumentFields document={document.data} />
      ) : document.error ? (
        <ErrorState compact {...describeError(document.error)} />
      ) : (
        <Skeleton label="Reading the document" rows={10} />
      )}
    </Pane>
  );
}

function DocumentFields({ document }: { readonly document: DatasetDocument }) {
  const isLong = (value: unknown) => typeof value === 'string' && value.length > DOCUMENT_FROM_CHARACTERS;
  const long = document.fields.filter((field) => isLong(field.value));
  const short = document.fields.filter((field) => !isLong(field.value));
  return (
    <>
      <Section title="Fields">
        <PropertyList
          properties={short.map((field) => ({
            name: field.name,
            value: field.value === null ? '–' : String(field.value),
            title: field.type,
          }))}
        />
      </Section>
      {long.map((field) => (
        <Section
          key={field.name}
          title={field.name}
          aside={
            <>
              {`${formatInteger(String(field.value).length)} characters${field.truncated ? ', cut' : ''}`}
              <CopyButton text={String(field.value)} label={`Copy ${field.name}`} iconOnly />
            </>
          }
        >
          <div className={styles['text']}>{String(field.value)}</div>
        </Section>
      ))}
    </>
  );
}
