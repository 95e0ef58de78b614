// The token lengths of the shown language.
import { describeError } from '../../../../app/describe-error.ts';
import { ErrorState } from '../../../../ui/error-state.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { LengthHistogram } from '../charts/length-histogram.tsx';
import type { Lab } from '../lab/lab.ts';
import { useTokenLengths } from '../lab/use-corpus-queries.ts';
import { useLabState } from '../lab/use-lab.ts';
import styles from './lower.module.css';

export function Lengths({ lab }: { readonly lab: Lab }) {
  const language = useLabState(lab, (state) => state.language);
  const kind = useLabState(lab, (state) => state.description?.tokens.kind);
  const lengths = useTokenLengths(lab, kind === 'none' ? null : language);
  if (kind === 'none') return null;
  if (lengths.error) return <ErrorState compact {...describeError(lengths.error)} />;
  if (!lengths.data) return <Skeleton label="Counting token lengths" rows={5} />;
  const { edges, counts, label, documents, beyond, language: shown } = lengths.data;
  return (
    <div className={styles['part']}>
      <LengthHistogram
        where={shown ?? 'all languages'}
        edges={edges}
        counts={counts}
        tokenizer={label}
        marks={beyond.map(({ mark, documents: longer }) => ({
          tokens: mark,
          share: documents === 0 ? 0 : longer / documents,
        }))}
      />
    </div>
  );
}
