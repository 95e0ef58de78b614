// One document of the chosen cell after another: its scores against the thresholds, then its text, wrapped.
import { useQuery } from '@tanstack/react-query';
import { ArrowUpRight, ChevronDown, ChevronUp, Dices } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { SampleRow, ThresholdResult } from '../../../../../core/api/quality.ts';
import { useCommands } from '../../../../app/commands.ts';
import { describeError } from '../../../../app/describe-error.ts';
import { queryKeys } from '../../../../app/query-keys.ts';
import { href, navigate } from '../../../../app/route.ts';
import { useClient } from '../../../../app/session.ts';
import { IconButton } from '../../../../ui/button.tsx';
import { CopyButton } from '../../../../ui/copy-button.tsx';
import { ErrorState } from '../../../../ui/error-state.tsx';
import { formatInteger } from '../../../../ui/format.ts';
import { Select } from '../../../../ui/select.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import type { Lab, Settled } from '../lab/lab.ts';
import type { Cell } from '../lab/link.ts';
import { SAMPLE_LIMIT, type SampleOrder, useSamples } from '../lab/use-corpus-queries.ts';
import { useLabState } from '../lab/use-lab.ts';
import { nextSeed } from './cells.ts';
import { DocumentText } from '../../reader/document-text.tsx';
import { Scores } from './scores.tsx';
import styles from './sample-reader.module.css';

const orders = [
  { id: 'random', label: 'Random', detail: 'the same documents for the same seed' },
  { id: 'nearest-to-threshold', label: 'Nearest to threshold', detail: 'smallest distance first' },
  { id: 'heads-disagree', label: 'Heads disagree most', detail: 'largest difference of ranks first' },
] as const satisfies readonly {
  readonly id: SampleOrder['kind'];
  readonly label: string;
  readonly detail: string;
}[];

export function SampleReader(props: {
  readonly lab: Lab;
  readonly settled: Settled;
  readonly cell: Cell;
  /** Documents that FineWeb-2 removed for this reason only. */
  readonly reason: string | null;
  readonly cellDocuments: number;
}) {
  const { lab, settled, cell, reason, cellDocuments } = props;
  const language = useLabState(lab, (state) => state.language);
  const [kind, setKind] = useState<SampleOrder['kind']>('random');
  const [seed, setSeed] = useState(1);
  const [wanted, setWanted] = useState(0);
  const order: SampleOrder = kind === 'random' ? { kind, seed } : { kind };
  const samples = useSamples(lab, settled, { language, cell, reason, order });
  const rows = samples.data?.rows ?? [];
  const place = Math.min(wanted, Math.max(0, rows.length - 1));
  useEffect(() => setWanted(0), [language, cell.fw2, cell.jql, reason, kind, seed]);
  const count = rows.length;
  const shown = rows[place];
  useCommands(
    useMemo(
      () => [
        {
          id: 'data.quality.next',
          title: 'Next document of the cell',
          group: 'Data',
          keys: 'J',
          perform: () => setWanted((at) => Math.min(at + 1, Math.max(0, count - 1))),
        },
        {
          id: 'data.quality.previous',
          title: 'Previous document of the cell',
          group: 'Data',
          keys: 'K',
          perform: () => setWanted((at) => Math.max(0, Math.min(at, count - 1) - 1)),
        },
        {
          id: 'data.quality.open',
          title: 'Open the document of the cell among the rows',
          group: 'Data',
          keys: 'O',
          perform: () => {
            if (shown) navigate(href('data', shown.path, { view: 'rows', row: shown.row }));
          },
        },
      ],
      [count, shown],
    ),
  );
  return (
    <section className={styles['reader']} aria-label="Documents of the cell">
      <div className={styles['bar']}>
        <Select label="Order of documents" isLabelHidden choices={orders} value={kind} onChange={setKind} />
        {kind === 'random' ? (
          <IconButton
            icon={Dices}
            label={`Other documents (seed ${seed})`}
            size="small"
            onPress={() => setSeed(nextSeed(seed))}
          />
        ) : null}
        <span className={styles['spring']} />
        <IconButton
          icon={ChevronUp}
          label="Previous document"
          keys="K"
          size="small"
          isDisabled={place <= 0}
          onPress={() => setWanted(place - 1)}
        />
        <IconButton
          icon={ChevronDown}
          label="Next document"
          keys="J"
          size="small"
          isDisabled={place >= rows.length - 1}
          onPress={() => setWanted(place + 1)}
        />
      </div>
      <p className={styles['note']} aria-live="polite">
        {samples.data ? placeText(place, rows.length, cellDocuments, order) : ''}
      </p>
      {samples.error ? (
        <ErrorState compact {...describeError(samples.error)} />
      ) : shown ? (
        <Document row={shown} result={settled.result} isStale={samples.isPlaceholderData} />
      ) : samples.data ? (
        <p className={styles['empty']}>No document lies in this cell</p>
      ) : (
        <Skeleton label="Choosing documents" rows={8} />
      )}
    </section>
  );
}

/** "Document 3 of 100 · sample of 100 of 2,431 documents, seed 1". */
function placeText(place: number, shown: number, all: number, order: SampleOrder): string {
  if (shown === 0) return '';
  const at = `Document ${formatInteger(place + 1)} of ${formatInteger(shown)}`;
  const isSample = all > shown || shown === SAMPLE_LIMIT;
  const seed = order.kind === 'random' ? `, seed ${order.seed}` : '';
  return isSample
    ? `${at} · sample of ${formatInteger(shown)} of ${formatInteger(all)}${seed}`
    : `${at}${seed}`;
}

function Document(props: {
  readonly row: SampleRow;
  readonly result: ThresholdResult;
  readonly isStale: boolean;
}) {
  const { row, result, isStale } = props;
  const client = useClient();
  const whole = useQuery({
    queryKey: [...queryKeys.dataset(row.path), 'document', row.row],
    queryFn: ({ signal }) => client.datasets.document({ path: row.path, row: row.row }, { signal }),
    enabled: row.truncated,
  });
  const text = row.truncated ? (longestText(whole.data) ?? row.preview) : row.preview;
  const facts = [
    row.language,
    row.tokens === null ? null : `${formatInteger(row.tokens)} tokens`,
    row.id,
    row.filterReason,
  ].filter((fact) => fact !== null);
  return (
    <article className={styles['document']} data-stale={isStale || undefined}>
      <Scores row={row} result={result} />
      <div className={styles['facts']}>
        <span>{facts.join(' · ')}</span>
        <span className={styles['spring']} />
        <IconButton
          icon={ArrowUpRight}
          label={`Open row ${formatInteger(row.row)} among the rows`}
          keys="O"
          size="small"
          onPress={() => navigate(href('data', row.path, { view: 'rows', row: row.row }))}
        />
        <CopyButton text={text} label="Copy the text" iconOnly />
      </div>
      <div className={styles['text']}>
        <DocumentText text={text} />
      </div>
      {row.truncated && text === row.preview ? (
        <p className={styles['note']}>
          {whole.error ? 'Only the beginning: the rest could not be read' : 'Reading the rest…'}
        </p>
      ) : null}
    </article>
  );
}

function longestText(
  document: { readonly fields: readonly { readonly value: unknown }[] } | undefined,
): string | null {
  let longest: string | null = null;
  for (const { value } of document?.fields ?? []) {
    if (typeof value === 'string' && value.length > (longest?.length ?? 0)) longest = value;
  }
  return longest;
}
