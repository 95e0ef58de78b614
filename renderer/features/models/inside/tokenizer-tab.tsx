// The tokenizer of a model: what it is, its special tokens, and every entry of its vocabulary by id or by piece.
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { tokenKinds, type TokenizerFacts, type Vocabulary } from '../../../../core/api/weights.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import { type SortedColumn, SortedTable } from '../sorted-table.tsx';
import styles from './inside.module.css';
import { number } from './value-words.ts';

interface TokenRow {
  readonly id: number;
  readonly text: string;
  readonly kind: string;
  readonly score: number | null;
}

export function TokenizerTab({
  path,
  tokenizer,
  problem,
}: {
  readonly path: string;
  readonly tokenizer: TokenizerFacts | null;
  readonly problem: string | null;
}) {
  if (tokenizer === null) {
    return (
      <p className={styles['none']}>
        {problem ?? 'There is no tokenizer here.'} Weights alone can be looked into; a conversion asks for the
        folder of the tokenizer.
      </p>
    );
  }
  return (
    <div className={styles['halves']}>
      <div>
        <Section title="Tokenizer">
          <PropertyList
            properties={[
              { name: 'Kind', value: tokenizer.kind },
              { name: 'Vocabulary', value: formatQuantity(tokenizer.vocabularySize, 'token') },
              { name: 'Merges', value: formatInteger(tokenizer.merges) },
              {
                name: 'Cuts text like',
                value: tokenizer.preTokenizer.name ?? 'none the runtime knows',
                title: tokenizer.preTokenizer.description,
              },
            ]}
          />
        </Section>
        <Section title="Special tokens" aside={formatInteger(tokenizer.special.length)}>
          <PropertyList
            properties={tokenizer.special.map(({ id, text, role }) => ({
              name: <span className={styles['piece']}>{text}</span>,
              value: role === null ? String(id) : `${id} · ${role}`,
            }))}
          />
        </Section>
      </div>
      <VocabularyTable path={path} />
    </div>
  );
}

function VocabularyTable({ path }: { readonly path: string }) {
  const client = useClient();
  const [words, setWords] = useState('');
  const vocabulary = useQuery({
    queryKey: queryKeys.vocabulary(path),
    queryFn: ({ signal }) => client.weights.vocabulary({ path }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const scores = useQuery({
    queryKey: [...queryKeys.vocabulary(path), 'scores'],
    enabled: vocabulary.data?.scores instanceof Blob,
    queryFn: () => scoresOf(vocabulary.data),
  });
  const rows = useMemo(() => rowsOf(vocabulary.data, scores.data ?? null), [vocabulary.data, scores.data]);
  const shown = useMemo(() => matching(rows, words), [rows, words]);
  if (vocabulary.error) return <ErrorState compact {...describeError(vocabulary.error)} />;
  if (!vocabulary.data) return <Skeleton label="Reading the vocabulary" rows={12} />;
  const hasScores = vocabulary.data.scores !== null;
  return (
    <div className={styles['tab']}>
      <div className={styles['bar']}>
        <SearchField
          label="Find a token"
          value={words}
          onChange={setWords}
          placeholder="An id, or part of a piece"
        />
        <span className={styles['facts']}>
          {`${formatInteger(shown.length)} of ${formatQuantity(rows.length, 'token')}`}
        </span>
      </div>
      <div className={styles['rest']}>
        <SortedTable
          label="Vocabulary"
          columns={hasScores ? [...columns, scoreColumn] : columns}
          rows={shown}
          idOf={({ id }) => String(id)}
          empty="No token has this id or these letters"
        />
      </div>
    </div>
  );
}

async function scoresOf(vocabulary: Vocabulary | undefined): Promise<Float64Array | null> {
  const blob = vocabulary?.scores;
  return blob ? new Float64Array(await blob.arrayBuffer()) : null;
}

function rowsOf(vocabulary: Vocabulary | undefined, scores: Float64Array | null): readonly TokenRow[] {
  return (vocabulary?.texts ?? []).map((text, id) => ({
    id,
    text,
    kind: tokenKinds[Number(vocabulary?.kinds[id])] ?? 'normal',
    score: scores?.[id] ?? null,
  }));
}

/** Digits alone are an id first, then letters like any other. Spaces are found as the marks that stand for them. */
function matching(rows: readonly TokenRow[], words: string): readonly TokenRow[] {
  if (words === '') return rows;
  const own = /^\d+$/.test(words) ? rows[Number(words)] : undefined;
  const marked = new Set([words, words.replaceAll(' ', 'Ġ'), words.replaceAll(' ', '▁')]);
  const found = rows.filter(({ text }) => [...marked].some((wanted) => text.includes(wanted)));
  return own ? [own, ...found.filter((row) => row !== own)] : found;
}

const columns: readonly SortedColumn<TokenRow>[] = [
  { id: 'id', header: 'Id', widthPx: 90, align: 'right', value: ({ id }) => id, cell: ({ id }) => id },
  {
    id: 'text',
    header: 'Piece',
    title: 'As the vocabulary spells it: Ġ and ▁ stand for a space',
    widthPx: 180,
    grows: true,
    value: ({ text }) => text,
    cell: ({ text }) => <span className={styles['piece']}>{text}</span>,
  },
  { id: 'kind', header: 'Kind', widthPx: 110, value: ({ kind }) => kind, cell: ({ kind }) => kind },
];
const scoreColumn: SortedColumn<TokenRow> = {
  id: 'score',
  header: 'Score',
  widthPx: 100,
  align: 'right',
  value: ({ score }) => score,
  cell: ({ score }) => number(score),
};
