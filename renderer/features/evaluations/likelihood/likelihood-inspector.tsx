// How likelihoods are measured, in the right pane: the rules behind the numbers.
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import styles from './likelihood.module.css';

export function LikelihoodInspector({ name }: EvaluationKindProps) {
  return (
    <Pane header={<PaneHeader title="How it is measured" />}>
      {name === 'pairs' ? (
        <Section title="Pairs">
          <p className={styles['rule']}>
            Both sentences are scored whole, after the begin token (the end token where a model has none). A
            pair counts when the right one has the larger sum of log-probabilities; a tie does not count. ± is
            one standard error of the share.
          </p>
        </Section>
      ) : name === 'difference' ? (
        <Section title="Two models">
          <p className={styles['rule']}>
            Each model reads the text with its own tokenizer. The text is cut where both have a boundary of
            tokens, so models with different vocabularies are compared on the same stretches.
          </p>
        </Section>
      ) : (
        <Section title="Bits per byte">
          <p className={styles['rule']}>
            The sum of −log₂ p over all tokens of a text, divided by its bytes in UTF-8. The begin token
            stands first, so every token has something before it. Texts beyond the context are read in windows
            that overlap by half.
          </p>
          <p className={styles['rule']}>
            Groups add bits and bytes of their texts. ± is one standard error, from the scatter between texts.
            The numbers agree with transformers within half a per cent.
          </p>
        </Section>
      )}
    </Pane>
  );
}
