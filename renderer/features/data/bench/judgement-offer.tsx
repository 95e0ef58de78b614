// Below the invalid shares: heads score every text, so that this figure says something only with a judgement among the sources.
import { Button } from '../../../ui/button.tsx';
import { fileName } from '../../../ui/format.ts';
import styles from './bench-work.module.css';
import { type BenchPlace, NO_DOCUMENTS } from './place.ts';
import { useBenchInputs } from './use-bench.ts';

/** More than this are in the list of prediction sources. */
const OFFERED = 3;

export function JudgementOffer(props: {
  readonly place: BenchPlace;
  readonly onChange: (change: Partial<BenchPlace>) => void;
}) {
  const { place, onChange } = props;
  const judgements = useBenchInputs().data?.judgements ?? [];
  const isCompared = judgements.some(({ path }) => place.predictions.includes(path));
  if (isCompared || judgements.length === 0) return null;
  return (
    <div className={styles['offer']}>
      <span className={styles['hint']}>
        A head scores every text; only a language model leaves documents without a valid score
      </span>
      {judgements.slice(0, OFFERED).map(({ path }) => (
        <Button
          key={path}
          onPress={() => onChange({ predictions: [...place.predictions, path], ...NO_DOCUMENTS })}
        >
          {`Add ${fileName(path)}`}
        </Button>
      ))}
    </div>
  );
}
