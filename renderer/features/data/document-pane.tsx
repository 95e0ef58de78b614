// The right pane: one whole document, wrapped, with its other fields; its arrows go to the next and previous row of the view.
import { useEffect, useMemo, useRef } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp } from 'lucide-react';
import type { DatasetDocument } from '../../../core/api/dataset-rows.ts';
import { isWhole } from '../../../core/lib/datasets/view.ts';
import { type Command, useCommands } from '../../app/commands.ts';
import { describeError } from '../../app/describe-error.ts';
import type { PaneProps } from '../../app/feature.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { formatInteger } from '../../ui/format.ts';
import { Pane, PaneHeader, PaneHint, Section } from '../../ui/pane.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { DocumentFacts } from './reader/document-facts.tsx';
import { noMatches } from './reader/find-matches.ts';
import { TextBlocks } from './reader/text-blocks.tsx';
import { TextSection } from './reader/text-section.tsx';
import { useDatasetInfo } from './reader/use-dataset-info.ts';
import { useDecodingTokenizer } from './reader/use-tokenizers.ts';
import { placeOf, rowsHref, useDataView } from './view/data-view.ts';
import { useFoundRows } from './view/open-view.ts';
import { useViewPlace } from './view/row-place.ts';

/** Text longer than this is read as a document, shorter as a property. */
const DOCUMENT_FROM_CHARACTERS = 120;

export function DocumentPane({ argument, query }: PaneProps) {
  const client = useClient();
  const path = argument ?? '';
  const row = query.has('row') ? Number(query.get('row')) : null;
  const [tokenizer] = useDecodingTokenizer(path);
  const document = useQuery({
    queryKey: [...queryKeys.dataset(path), 'document', row, tokenizer],
    queryFn: ({ signal }) =>
      client.datasets.document(
        { path, row: row ?? 0, ...(tokenizer === '' ? {} : { tokenizer }) },
        { signal },
      ),
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
  const step = useRef({ go, previousRow, nextRow });
  useEffect(() => {
    step.current = { go, previousRow, nextRow };
  });
  useCommands(
    useMemo(
      (): readonly Command[] => [
        {
          id: 'data.reader.next',
          title: 'Next document',
          group: 'Reader',
          keys: 'J',
          when: () => step.current.nextRow !== null,
          perform: () => step.current.go(step.current.nextRow),
        },
        {
          id: 'data.reader.previous',
          title: 'Previous document',
          group: 'Reader',
          keys: 'K',
          when: () => step.current.previousRow !== null,
          perform: () => step.current.go(step.current.previousRow),
        },
      ],
      [],
    ),
  );
  if (row === null) {
    return (
      <Pane header={<PaneHeader title="Document" />}>
        <PaneHint>Choose a row to read its whole document here</PaneHint>
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
                keys="K"
                isDisabled={previousRow === null}
                onPress={() => go(previousRow)}
              />
              <IconButton
                icon={ChevronDown}
                label="Next document"
                keys="J"
                isDisabled={nextRow === null}
                onPress={() => go(nextRow)}
              />
            </>
          }
        />
      }
    >
      {document.data ? (
        <DocumentFields path={path} document={document.data} />
      ) : document.error ? (
        <ErrorState compact {...describeError(document.error)} />
      ) : (
        <Skeleton label="Reading the document" rows={10} />
      )}
    </Pane>
  );
}

function DocumentFields({ path, document }: { readonly path: string; readonly document: DatasetDocument }) {
  const info = useDatasetInfo(path);
  const isLong = ({ name, value }: DatasetDocument['fields'][number]) =>
    typeof value === 'string' && (name === info?.textColumn || value.length > DOCUMENT_FROM_CHARACTERS);
  const long = document.fields.filter(isLong);
  const main = long.find(({ name }) => name === info?.textColumn) ?? longest(long);
  return (
    <>
      <DocumentFacts info={info} document={document} without={new Set(long.map(({ name }) => name))} />
      {long.map((field) =>
        field === main ? (
          <TextSection
            key={field.name}
            path={path}
            row={document.row}
            name={field.name}
            text={String(field.value)}
            isCut={field.truncated}
            info={info}
          />
        ) : (
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
            <TextBlocks text={String(field.value)} matches={noMatches} current={null} />
          </Section>
        ),
      )}
    </>
  );
}

function longest(fields: DatasetDocument['fields']): DatasetDocument['fields'][number] | undefined {
  return fields.toSorted((a, b) => String(b.value).length - String(a.value).length)[0];
}
