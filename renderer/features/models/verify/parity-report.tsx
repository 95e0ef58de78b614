// A parity report as a person reads it: the verdict and why, every check with its figure, and each text that got other tokens.
import type { ParityReport } from '../../../../core/api/conversion.ts';
import { Badge } from '../../../ui/badge.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { formatDuration, formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Section } from '../../../ui/pane.tsx';
import { percent } from '../inside/value-words.ts';
import { nats, verdictWords } from './parity-words.ts';
import styles from './verify.module.css';

export function ParityReportView({ report }: { readonly report: ParityReport }) {
  const words = verdictWords[report.verdict];
  return (
    <>
      <div className={styles['verdict']} data-verdict={report.verdict}>
        <Badge tone={words.tone}>{words.short}</Badge>
        <strong>{words.sentence}</strong>
        <span className={styles['quiet']}>{`in ${formatDuration(report.durationMs)}`}</span>
      </div>
      {report.reasons.length > 0 ? (
        <ul className={styles['reasons']}>
          {report.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      ) : null}
      <Section title="Checks">
        <DataTable
          label="Checks of the verification"
          columns={[
            { id: 'check', header: 'Check', cell: ({ check }) => check },
            { id: 'result', header: 'Result', cell: ({ result }) => result },
            { id: 'means', header: 'What it means', cell: ({ means }) => means },
          ]}
          rows={checksOf(report)}
          idOf={({ check }) => check}
        />
      </Section>
      {report.template.kind === 'different' ? (
        <Section title="Chat template">
          <p className={styles['detail']}>{report.template.detail}</p>
        </Section>
      ) : null}
      <Differences report={report} />
    </>
  );
}

interface Check {
  readonly check: string;
  readonly result: string;
  readonly means: string;
}

function checksOf({ tokenizer, template, logits, quantization }: ParityReport): readonly Check[] {
  const { texts, differences } = tokenizer;
  const rendered =
    template.kind === 'equal'
      ? `equal in ${formatQuantity(template.conversations, 'conversation')}`
      : template.kind === 'none'
        ? 'neither has one'
        : 'different';
  return [
    {
      check: 'Tokens',
      result: `${texts - differences.length} of ${formatQuantity(texts, 'text')} equal`,
      means: 'The runtime cuts awkward texts into the ids of tokenizer.json',
    },
    { check: 'Chat template', result: rendered, means: 'Conversations are rendered byte for byte alike' },
    {
      check: 'Most likely token',
      result: `${percent(logits.top1)} of ${formatInteger(logits.positions)} positions`,
      means: `In ${formatQuantity(logits.prompts, 'prompt')}: source weights against the ${quantization} file`,
    },
    {
      check: 'Largest gap',
      result: nats(logits.largestGap),
      means: 'Of log-probabilities, among tokens the source gives at least one in ten thousand',
    },
    {
      check: 'Divergence',
      result: `${nats(logits.meanDivergence)}, at most ${nats(logits.largestDivergence)}`,
      means: 'Kullback–Leibler from the source, mean over the positions',
    },
  ];
}

function Differences({ report }: { readonly report: ParityReport }) {
  const { differences } = report.tokenizer;
  if (differences.length === 0) return null;
  return (
    <Section title="Texts with other tokens" aside={formatInteger(differences.length)}>
      <ul className={styles['differences']}>
        {differences.map(({ text, expected, got }) => (
          <li key={text}>
            <code className={styles['text']}>{JSON.stringify(text)}</code>
            <Ids label="Source" ids={expected} other={got} />
            <Ids label="Model" ids={got} other={expected} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Ids that the other side has not at this place stand out; what both begin and end with is quiet. */
function Ids({
  label,
  ids,
  other,
}: {
  readonly label: string;
  readonly ids: readonly number[];
  readonly other: readonly number[];
}) {
  let before = 0;
  while (before < ids.length && ids[before] === other[before]) before += 1;
  let after = 0;
  while (
    after < Math.min(ids.length, other.length) - before &&
    ids[ids.length - 1 - after] === other[other.length - 1 - after]
  ) {
    after += 1;
  }
  const end = ids.length - after;
  return (
    <div className={styles['ids']}>
      <span className={styles['quiet']}>{label}</span>
      <code>
        <span className={styles['quiet']}>{ids.slice(0, before).join(' ')} </span>
        <mark className={styles['mark']}>{ids.slice(before, end).join(' ')}</mark>
        <span className={styles['quiet']}> {ids.slice(end).join(' ')}</span>
      </code>
    </div>
  );
}
