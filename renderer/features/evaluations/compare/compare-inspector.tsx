// Beside two models: how they are compared.
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import styles from './compare.module.css';

export function CompareInspector() {
  return (
    <Pane header={<PaneHeader title="How they are compared" />}>
      <Section title="The same questions">
        <p className={styles['rule']}>
          Where both kept their answers, questions are paired by their number and what was asked. Right and
          wrong are tested with McNemar’s mid-p on the questions that flip; other scores with a bootstrap of
          the mean difference.
        </p>
      </Section>
      <Section title="Standard errors">
        <p className={styles['rule']}>
          Otherwise the difference is divided by both standard errors. That takes the questions for different
          ones and finds less.
        </p>
      </Section>
      <Section title="Several tasks">
        <p className={styles['rule']}>
          Of twenty equal tasks one looks better by chance: p is corrected after Holm. Values over tasks
          repeat what their tasks say and are not counted.
        </p>
      </Section>
      <Section title="Settings">
        <p className={styles['rule']}>
          Numbers that answer different questions, such as 0-shot and 5-shot, are shown and never judged. What
          one side does not say is named.
        </p>
      </Section>
    </Pane>
  );
}
