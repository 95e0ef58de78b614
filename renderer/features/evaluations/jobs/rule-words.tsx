// A rule in a sentence, what it launched last, and what it could not.
import type { EvaluationRuleState } from '../../../../core/api/evaluation-jobs.ts';
import { formatInteger } from '../../../ui/format.ts';
import styles from './jobs.module.css';

export function ruleText({ rule }: Pick<EvaluationRuleState, 'rule'>): string {
  const { presets, every, from, paused } = rule;
  return `${paused ? 'Paused: every' : 'Every'} ${formatInteger(every)} steps from ${formatInteger(from)} on, with ${presets.join(', ')}`;
}

export function launchedText({ launched }: Pick<EvaluationRuleState, 'launched'>): string {
  const [newest] = launched;
  return newest === undefined
    ? 'nothing launched yet'
    : `${formatInteger(launched.length)} launched, newest step ${formatInteger(newest.step)}`;
}

export function RuleWords({ state }: { readonly state: EvaluationRuleState }) {
  const [failure] = state.failures;
  return (
    <>
      <p className={styles['words']}>{`${ruleText(state)}; ${launchedText(state)}`}</p>
      {failure === undefined ? null : (
        <p className={styles['bad']} role="status">
          {`Step ${formatInteger(failure.step)} with ${failure.preset}: ${failure.message}; it is tried again by itself`}
        </p>
      )}
    </>
  );
}
