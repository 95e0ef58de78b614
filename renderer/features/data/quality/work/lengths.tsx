// The token lengths of the shown language.
import { describeError } from '../../../../app/describe-error.ts';
import { navigate } from '../../../../app/route.ts';
import { ErrorState } from '../../../../ui/error-state.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { LengthHistogram } from '../charts/length-histogram.tsx';
import type { Lab } from '../lab/lab.ts';
import { rowsLink } from '../lab/rows-link.ts';
import { useTokenLengths } from '../lab/use-corpus-queries.ts';
import { useLabState } from '../lab/use-lab.ts';
import styles from './lower.module.css';

export function Lengths({ lab }: { readonly lab: Lab }) {
  const language = useLabState(lab, (state) => state.language);
  const description = useLabState(lab, (state) => state.description);
  const kind = description?.tokens.kind;
  const lengths = useTokenLengths(lab, kind === 'none' ? null : language);
  if (kind === 'none') return null;
  if (lengths.error) return <ErrorState compact {...describeError(lengths.error)} />;
  if (!lengths.data) return <Skeleton label="Counting token lengths" rows={5} />;
  const { edges, counts, label, documents, beyond, language: shown } = lengths.data;
  const column = kind === 'column' ? (description?.tokens.column ?? null) : null;
  const linkOf = (from: number, to: number) =>
    column === null
      ? null
      : rowsLink(lab.paths, description, shown, [{ column, from, to, includesTo: false }]);
  return (
    <div className={styles['part']}>
      <LengthHistogram
        where={shown ?? 'all languages'}
        edges={edges}
        counts={counts}
        tokenizer={label}
        onPick={
          linkOf(0, 1) === null
            ? undefined
            : (from, to) => {
                const link = linkOf(from, to);
                if (link !== null) navigate(link);
              }
        }
        marks={beyond.map(({ mark, documents: longer }) => ({
          tokens: mark,
          share: documents === 0 ? 0 : longer / documents,
        }))}
      />
    </div>
  );
}
