// A rule in a sentence, what it launched last, and what it could not.
import type { EvaluationRuleState } from '../../../../core/api/evaluation-jobs.ts';
import { formatInteger } from '../../../ui/format.ts';

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

/** Null when nothing failed. */
export function failureText({ failures }: Pick<EvaluationRuleState, 'failures'>): string | null {
  const [failure] = failures;
  return failure === undefined
    ? null
    : `Step ${formatInteger(failure.step)} with ${failure.preset}: ${failure.message}; it is tried again by itself`;
}
