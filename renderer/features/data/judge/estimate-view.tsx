// What a judgement will take, before it begins.
import type { JudgingEstimateResult } from '../../../../core/api/judges.ts';
import { formatCount, formatInteger } from '../../../../core/lib/format/numbers.ts';
import { Figure } from '../../../ui/property-list.tsx';
import { formatDuration } from '../../../ui/format.ts';
import styles from './setup-form.module.css';

export function EstimateView(props: {
  readonly estimate: JudgingEstimateResult;
  /** The question has changed since. */
  readonly isStale: boolean;
  /** Answers and time are those of a try. */
  readonly isMeasured: boolean;
}) {
  const { estimate, isStale, isMeasured } = props;
  const { documents, inputTokens, outputTokens, cost, requests, lookedAt, truncatedShare } = estimate;
  return (
    <div role="region" aria-label="Estimate">
      <div className={styles['estimate']} {...(isStale ? { 'data-stale': true } : {})}>
        <Figure
          value={formatInteger(documents)}
          caption={`documents, up to ${formatInteger(requests)} requests`}
        />
        <Figure
          value={formatCount(inputTokens)}
          caption={`tokens in, ${formatInteger(estimate.meanPromptTokens)} a prompt (sample of ${formatInteger(lookedAt)})`}
        />
        <Figure
          value={formatCount(outputTokens)}
          caption={`tokens out, ${formatInteger(estimate.meanAnswerTokens)} an answer ${isMeasured ? 'as tried' : 'assumed'}`}
        />
        <Figure
          value={cost === null ? '–' : cost.toFixed(2)}
          caption={cost === null ? 'no prices given' : 'cost by the prices above'}
        />
        <Figure
          value={estimate.seconds === null ? '–' : formatDuration(estimate.seconds * 1000)}
          caption={
            estimate.seconds === null
              ? 'time: try it on 3 documents first'
              : 'if the server keeps up with the try'
          }
        />
      </div>
      <p className={styles['note']}>
        {isStale ? 'The question has changed since this estimate. ' : ''}
        Tokens: {estimate.tokenLabel}. {(100 * truncatedShare).toFixed(1)} % are cut to the context
        {estimate.emptyDocuments > 0
          ? `; ${formatInteger(estimate.emptyDocuments)} empty documents are left out`
          : ''}
      </p>
    </div>
  );
}
