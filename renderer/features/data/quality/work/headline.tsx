// The four figures above everything: documents, tokens, change against FineWeb-2, and the cut of one head beside the
// share that is left after all. Knows one answer of core and the choice it is of.
import type { ReactNode } from 'react';
import type { Settled } from '../lab/lab.ts';
import { ruleText } from '../lab/choice.ts';
import { changeText, headLabel, percentText, rangeText } from '../lab/figures.ts';
import { shareOf } from '../lab/language-rows.ts';
import { formatCount, formatInteger } from '../../../../ui/format.ts';
import styles from './headline.module.css';

/** `isOlder`: of another choice than the one that is made; its answer is on the way. */
export function Headline({
  answer,
  isOlder,
}: {
  readonly answer: Settled | null;
  readonly isOlder: boolean;
}) {
  if (answer === null) return <div className={styles['row']} aria-busy="true" />;
  const { result, choice } = answer;
  const { total } = result;
  const languages = Object.values(result.languages);
  const compared = languages.filter(({ tokenChangePercent }) => tokenChangePercent !== null).length;
  const documents = shareOf(total.keptDocuments, total.documents);
  const tokens = shareOf(total.keptTokens, total.tokens);
  const cuts = result.cuts.map(({ head, keptDocuments, keptTokens }) => ({
    name: headLabel(head),
    documents: shareOf(keptDocuments, total.documents),
    tokens: shareOf(keptTokens, total.tokens),
  }));
  return (
    <dl
      className={styles['row']}
      aria-label="What these thresholds keep"
      data-older={isOlder || undefined}
      title={isOlder ? 'Of the choice before: the new one is being counted' : undefined}
    >
      <Tile
        name="Documents kept"
        value={
          <span title={`${formatInteger(total.keptDocuments)} documents`}>
            {formatCount(total.keptDocuments)}
          </span>
        }
        detail={`${percentText(documents)} of ${formatCount(total.documents)}`}
      />
      <Tile
        name="Tokens kept"
        value={
          total.keptTokens === null ? (
            '–'
          ) : (
            <span title={`${formatInteger(total.keptTokens)} tokens`}>{formatCount(total.keptTokens)}</span>
          )
        }
        detail={`${percentText(tokens)} · ${result.tokenLabel}`}
      />
      <Tile
        name="Tokens vs FineWeb-2"
        value={changeText(result.meanTokenChangePercent)}
        detail={
          result.meanTokenChangePercent === null
            ? 'nothing says what FineWeb-2 kept'
            : `mean of ${compared} languages · pooled ${changeText(total.tokenChangePercent)}`
        }
        title="Unweighted mean over languages, as in Table 2 of the JQL paper; pooled: all tokens together"
      />
      <Tile
        name={`One head → ${ruleText(choice.rule, choice.heads.length)}`}
        value={`${spread(cuts.map((cut) => cut.documents))} → ${percentText(documents)}`}
        isLong={spread(cuts.map((cut) => cut.documents)).includes('–')}
        detail={`tokens ${spread(cuts.map((cut) => cut.tokens))} → ${percentText(tokens)}`}
        title={cuts
          .map(
            (cut) =>
              `${cut.name}: ${percentText(cut.documents)} of documents, ${percentText(cut.tokens)} of tokens`,
          )
          .join('\n')}
      />
    </dl>
  );
}

/** What the heads keep alone: one share, or the range of them. */
function spread(shares: readonly (number | null)[]): string {
  const known = shares.filter((share) => share !== null).map((share) => 100 * share);
  const text = rangeText(known, 1);
  return text === null ? '–' : `${text} %`;
}

function Tile(props: {
  readonly name: string;
  readonly value: ReactNode;
  readonly detail: string;
  readonly title?: string;
  /** A range needs smaller figures. */
  readonly isLong?: boolean;
}) {
  return (
    <div className={styles['tile']} title={props.title}>
      <dt>{props.name}</dt>
      <dd className={styles['value']} data-long={props.isLong || undefined}>
        {props.value}
      </dd>
      <dd className={styles['detail']} title={props.detail}>
        {props.detail}
      </dd>
    </div>
  );
}
