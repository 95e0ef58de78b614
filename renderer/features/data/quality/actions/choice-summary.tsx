// What is about to be saved or exported, in two lines.
import { formatCount } from '../../../../ui/format.ts';
import { choiceText } from '../lab/choice.ts';
import { changeText, percentText } from '../lab/figures.ts';
import { shareOf } from '../lab/language-rows.ts';
import type { Settled } from '../lab/lab.ts';
import styles from './actions.module.css';

export function ChoiceSummary({ settled }: { readonly settled: Settled }) {
  const { choice, result } = settled;
  const { total } = result;
  const tokens =
    total.keptTokens === null
      ? ''
      : ` · ${formatCount(total.keptTokens)} tokens (${percentText(shareOf(total.keptTokens, total.tokens))}, ${result.tokenLabel})`;
  return (
    <p className={styles['summary']}>
      <strong>{choiceText(choice)}</strong>
      {`${formatCount(total.keptDocuments)} of ${formatCount(total.documents)} documents (${percentText(shareOf(total.keptDocuments, total.documents))})${tokens}`}
      {result.meanTokenChangePercent === null
        ? ''
        : ` · ${changeText(result.meanTokenChangePercent)} against FineWeb-2, mean of languages`}
    </p>
  );
}
