// What is known about a document besides its text: language, address, whether FineWeb-2 kept it, scores in their range.
import { useQueries } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import type { DatasetDocument } from '../../../../core/api/dataset-rows.ts';
import type { DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';
import styles from './reader.module.css';
import { formatFixed, trueMinus } from '../../../ui/format.ts';

type Field = DatasetDocument['fields'][number];
type Role = DatasetInfo['recognised']['roles'][number]['role'];

/** Scores of more heads are read in the quality lab. */
const MAX_BARS = 12;

export function DocumentFacts(props: {
  readonly info: DatasetInfo | null;
  readonly document: DatasetDocument;
  /** Fields that are shown elsewhere. */
  readonly without: ReadonlySet<string>;
}) {
  const { info, document, without } = props;
  const roles = info?.recognised.roles ?? [];
  const columnsOf = (role: Role) => roles.filter((each) => each.role === role).map(({ column }) => column);
  const field = (name: string | undefined): Field | undefined =>
    document.fields.find((each) => each.name === name);
  const url = field(columnsOf('url')[0])?.value;
  const scores = columnsOf('score')
    .flatMap((name) => field(name) ?? [])
    .filter((each): each is Field & { value: number } => typeof each.value === 'number')
    .slice(0, MAX_BARS);
  const kept = field(columnsOf('kept')[0]);
  const reason = field(columnsOf('filter-reason')[0]);
  const shown = new Set([...without, ...columnsOf('url').slice(0, 1), ...scores.map(({ name }) => name)]);
  const first = [
    ...['language', 'script'].flatMap((role) => field(columnsOf(role as Role)[0]) ?? []),
    ...(kept ? [kept] : []),
    ...(reason ? [reason] : []),
  ];
  const others = document.fields.filter((each) => !shown.has(each.name) && !first.includes(each));
  return (
    <Section title="Fields">
      {typeof url === 'string' && url !== '' ? <Address url={url} /> : null}
      <PropertyList
        properties={[...first, ...others].map((each) => ({
          name: each.name,
          value: each === reason && each.value === null ? '– (not filtered)' : valueText(each),
          title: `${each.name}: ${each.type}`,
        }))}
      />
      {scores.length > 0 && info ? <Scores path={info.path} scores={scores} /> : null}
    </Section>
  );
}

function valueText({ value }: Field): string {
  return value === null ? '–' : String(value);
}

/** Never opened by itself: what a corpus links to is not ours. */
function Address({ url }: { readonly url: string }) {
  const isWeb = /^https?:\/\//i.test(url) && URL.canParse(url);
  return (
    <div className={styles['url']}>
      <span>{url}</span>
      <CopyButton text={url} label="Copy the address" iconOnly />
      {isWeb ? (
        <IconButton
          icon={ExternalLink}
          label="Open the address in the browser"
          size="small"
          onPress={() => window.open(url, '_blank', 'noopener,noreferrer')}
        />
      ) : null}
    </div>
  );
}

function bound(value: number): string {
  return trueMinus(value.toPrecision(3));
}

/** Each against the smallest and largest value of its column. */
function Scores({
  path,
  scores,
}: {
  readonly path: string;
  readonly scores: readonly { name: string; value: number }[];
}) {
  const client = useClient();
  const ranges = useQueries({
    queries: scores.map(({ name }) => ({
      queryKey: [...queryKeys.dataset(path), 'range', name],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const { edges } = await client.datasets.histogram({ path, column: name, bins: 1 }, { signal });
        return { low: edges[0] ?? Number.NaN, high: edges.at(-1) ?? Number.NaN };
      },
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
  });
  return (
    <>
      {scores.map(({ name, value }, index) => {
        const range = ranges[index]?.data;
        const share = range && range.high > range.low ? (value - range.low) / (range.high - range.low) : null;
        const span = range ? ` of ${bound(range.low)} to ${bound(range.high)}` : '';
        return (
          <div key={name} className={styles['score']} title={`${name}: ${value}${span} in this dataset`}>
            <span>{name}</span>
            <div className={styles['track']} aria-hidden>
              {share === null ? null : (
                <div
                  className={styles['fill']}
                  style={{ width: `${100 * Math.min(1, Math.max(0, share))}%` }}
                />
              )}
            </div>
            <span>
              {formatFixed(value, 3)} <span className={styles['range']}>{span}</span>
            </span>
          </div>
        );
      })}
    </>
  );
}
