// Evaluations: what will stand here, and what answers the question "is it better?" today. Shows no invented numbers.
import { ClipboardCheck, FileSliders, LineChart, MessagesSquare } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { href, navigate } from '../../app/route.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Pane, PaneHeader } from '../../ui/pane.tsx';
import styles from './evaluations.module.css';

function List() {
  return (
    <Pane header={<PaneHeader title="Evaluations" />}>
      <p className={styles['note']}>
        No evaluation yet. Results of lm-evaluation-harness will be listed here, one row a checkpoint and
        task.
      </p>
    </Pane>
  );
}

function Empty() {
  return (
    <Pane header={<PaneHeader title="Evaluations" detail="not built yet" />}>
      <EmptyState
        icon={ClipboardCheck}
        title="Scores of checkpoints over training"
        actions={
          <>
            <Button icon={LineChart} onPress={() => navigate(href('runs'))}>
              Compare curves
            </Button>
            <Button icon={MessagesSquare} onPress={() => navigate(href('models'))}>
              Ask a model
            </Button>
            <Button icon={FileSliders} onPress={() => navigate(href('configs'))}>
              Compare configs
            </Button>
          </>
        }
      >
        <p>
          This view will launch lm-evaluation-harness on a checkpoint and draw each task against tokens seen,
          with the metric named (acc or acc_norm) and its standard error.
        </p>
        <p className={styles['today']}>
          What works today: loss curves of several runs over each other, the validation rank correlation of a
          quality head, the meaning of what differs between two configs, and asking two models the same
          question by hand.
        </p>
      </EmptyState>
    </Pane>
  );
}

export const feature: Feature = { id: 'evaluations', List, Work: Empty, Empty };
