// The line of stages: what is done, what goes on, what is still to come.
import { Check, Circle, CircleDot, X } from 'lucide-react';
import styles from './checkpoint-panel.module.css';
import type { LifeStage } from './life-line.ts';

const icons = { done: Check, running: CircleDot, waiting: Circle, failed: X } as const;
const words = { done: 'done', running: 'going on', waiting: 'to come', failed: 'failed' } as const;

export function LifeStages({ stages }: { readonly stages: readonly LifeStage[] }) {
  return (
    <ol className={styles['stages']} aria-label="Life of this checkpoint">
      {stages.map(({ id, title, state, detail }) => {
        const Icon = icons[state];
        return (
          <li key={id} className={styles['stage']} data-state={state}>
            <span className={styles['dot']}>
              <Icon size={12} strokeWidth={2.5} aria-hidden />
            </span>
            <span className={styles['title']}>
              {title}
              <span className="visually-hidden">{`, ${words[state]}`}</span>
            </span>
            <span className={styles['detail']}>{detail}</span>
          </li>
        );
      })}
    </ol>
  );
}
