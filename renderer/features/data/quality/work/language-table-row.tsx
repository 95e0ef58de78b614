// One language of the table. Redrawn only when its own figures change.
import { RotateCcw } from 'lucide-react';
import { type KeyboardEvent, memo, useEffect, useState } from 'react';
import type { MarkProps } from '../../../../charts/use-marks.ts';
import { IconButton } from '../../../../ui/button.tsx';
import { formatCount, formatInteger } from '../../../../ui/format.ts';
import { DivergingBar } from '../charts/diverging-bar.tsx';
import { quantileText } from '../lab/choice.ts';
import { changeText, percentText } from '../lab/figures.ts';
import type { LanguageRow } from '../lab/language-rows.ts';
import styles from './language-table.module.css';

interface RowProps {
  readonly row: LanguageRow;
  readonly mark: MarkProps;
  readonly limit: number;
  readonly isShown: boolean;
  onShow(): void;
  onQuantile(quantile: number): void;
  onReset(): void;
}

export const LanguageTableRow = memo(function LanguageTableRow(props: RowProps) {
  const { row, mark, limit, isShown } = props;
  return (
    <tr aria-current={isShown || undefined} data-overridden={row.isOverridden || undefined}>
      <th scope="row">
        <button
          type="button"
          {...mark}
          aria-pressed={isShown}
          title={`Show the scores of ${row.language}`}
          onClick={props.onShow}
        >
          {row.language}
        </button>
      </th>
      <td>
        <span className={styles['quantile']}>
          {row.isOverridden ? (
            <IconButton
              icon={RotateCcw}
              label={`Reset ${row.language}`}
              size="small"
              onPress={props.onReset}
            />
          ) : null}
          <QuantileInput
            language={row.language}
            quantiles={row.quantiles}
            tabIndex={mark.tabIndex}
            onQuantile={props.onQuantile}
          />
        </span>
      </td>
      <td title={`${formatInteger(row.documents)} documents`}>{formatCount(row.documents)}</td>
      <td title={`${formatInteger(row.keptDocuments)} of ${formatInteger(row.documents)} documents`}>
        {percentText(row.keptShare)}
      </td>
      <td
        title={
          row.fw2Documents === null
            ? 'Nothing says what FineWeb-2 kept'
            : `${formatInteger(row.fw2Documents)} of ${formatInteger(row.documents)} documents`
        }
      >
        {percentText(row.fw2Share)}
      </td>
      <td
        title={
          row.keptTokens === null
            ? undefined
            : `${formatInteger(row.keptTokens)} tokens, ${percentText(row.keptTokenShare)}`
        }
      >
        {row.keptTokens === null ? '–' : formatCount(row.keptTokens)}
      </td>
      <td
        title={
          row.fw2Tokens === null || row.keptTokens === null
            ? undefined
            : `${formatInteger(row.keptTokens)} tokens against ${formatInteger(row.fw2Tokens)} of FineWeb-2`
        }
      >
        <span className={styles['change']}>
          <DivergingBar value={row.tokenChangePercent} limit={limit} />
          <span>{changeText(row.tokenChangePercent)}</span>
        </span>
      </td>
    </tr>
  );
}, isSameRow);

/** Callbacks are made anew at every draw, but act on the lab's state of the moment: they need no redraw. */
function isSameRow(before: RowProps, after: RowProps): boolean {
  const { row: old } = before;
  const { row } = after;
  return (
    before.limit === after.limit &&
    before.isShown === after.isShown &&
    before.mark.tabIndex === after.mark.tabIndex &&
    before.mark['data-mark'] === after.mark['data-mark'] &&
    old.keptDocuments === row.keptDocuments &&
    old.keptTokens === row.keptTokens &&
    old.documents === row.documents &&
    old.fw2Documents === row.fw2Documents &&
    old.fw2Tokens === row.fw2Tokens &&
    old.isOverridden === row.isOverridden &&
    old.quantiles.join() === row.quantiles.join()
  );
}

function QuantileInput(props: {
  readonly language: string;
  readonly quantiles: readonly number[];
  readonly tabIndex: 0 | -1;
  onQuantile(quantile: number): void;
}) {
  const { language, quantiles } = props;
  const [first = 0] = quantiles;
  const isMixed = quantiles.some((value) => value !== first);
  const text = isMixed ? 'mixed' : quantileText(first);
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  const finish = () => {
    const value = Number(typed.replace(',', '.'));
    if (typed !== text && typed.trim() !== '' && value >= 0 && value <= 1) props.onQuantile(value);
    else setTyped(text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') finish();
    else if (event.key === 'Escape') setTyped(text);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      props.onQuantile(first + (event.key === 'ArrowUp' ? 0.01 : -0.01));
    }
  };
  return (
    <input
      className={styles['input']}
      tabIndex={props.tabIndex}
      data-figure="value"
      aria-label={`Quantile of ${language}`}
      title={isMixed ? quantiles.map(quantileText).join(' · ') : undefined}
      inputMode="decimal"
      value={typed}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={onKeyDown}
    />
  );
}
