// Beside the questions: how right each subject is, and how choices are taken.
import { Button } from '../../../ui/button.tsx';
import { formatShare } from '../../../ui/format.ts';
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { changeList, readQuestionsPlace } from './place.ts';
import styles from './questions.module.css';
import { listOf, type QuestionList, useQuestionPages } from './use-questions.ts';

/** The rest is in the filter. */
const MAX_SUBJECTS = 60;
const atTop = { first: 0, last: 0 } as const;

export function QuestionsInspector({ query }: EvaluationKindProps) {
  const list = listOf(readQuestionsPlace(query));
  return (
    <Pane header={<PaneHeader title="About these questions" />}>
      {list === null ? null : <Subjects list={list} />}
      <Section title="How a choice is taken">
        <p className={styles['rule']}>
          The choice with the largest log-likelihood, as it is (acc), divided by its Unicode characters
          (acc_norm) or its bytes in UTF-8 (acc_bytes), without the space that joins it to the prompt; or by
          its tokens, as lighteval can. Of equal ones the first counts.
        </p>
        <p className={styles['rule']}>
          “Length decides” shows the questions in which characters or bytes take another choice than the plain
          sum.
        </p>
      </Section>
      <Section title="Right and wrong">
        <p className={styles['rule']}>
          Right is a score of 1. Answers with a part of the points (F1, some of several instructions) show
          their share. A question flips when the two scores differ.
        </p>
      </Section>
    </Pane>
  );
}

function Subjects({ list }: { readonly list: QuestionList }) {
  const { head } = useQuestionPages(list, atTop);
  const subjects = head?.subjects ?? [];
  if (subjects.length < 2) return null;
  return (
    <Section title="Subjects" aside={list.subject === null ? 'share right' : null}>
      <ul className={styles['subjects']} aria-label="Subjects">
        {subjects.slice(0, MAX_SUBJECTS).map(({ name, questions, right }) => (
          <li key={name} data-chosen={name === list.subject}>
            <Button
              kind="quiet"
              aria-label={`${name}, ${right} of ${questions} right`}
              onPress={() => changeList({ subject: name === list.subject ? null : name })}
            >
              {name}
            </Button>
            <span
              className={styles['calm']}
            >{`${formatShare(right / questions)} of ${questions.toLocaleString('en-US')}`}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
