// Choices with their likelihoods, divided by nothing, characters, bytes and tokens beside each other, and which one each takes.
import { useQuery } from '@tanstack/react-query';
import type { AnsweredQuestion } from '../../../../core/api/evaluation-questions.ts';
import { METRIC_OF, type Normalisation } from '../../../../core/lib/evaluations/questions/normalisations.ts';
import { workspaceKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Select } from '../../../ui/select.tsx';
import { moveInQuestions } from './place.ts';
import styles from './questions.module.css';
import { formatFixed } from '../../../ui/format.ts';

const titles: Readonly<Record<Normalisation, string>> = {
  none: 'log-likelihood',
  characters: 'a character',
  bytes: 'a byte',
  tokens: 'a token',
};

export function ChoiceTable({
  name,
  answered: { choices, normalised },
  gold,
}: {
  readonly name: string;
  readonly answered: AnsweredQuestion;
  readonly gold: number | null;
}) {
  return (
    <div className={styles['tableFrame']}>
      <table className={styles['table']}>
        <caption className="visually-hidden">{`Choices of ${name}`}</caption>
        <thead>
          <tr>
            <th scope="col">Choice</th>
            {normalised.map(({ normalisation }) => (
              <th
                key={normalisation}
                scope="col"
                className={styles['number']}
                title={`Decides ${METRIC_OF[normalisation]}`}
              >
                {titles[normalisation]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {choices.map(({ text, characters, bytes, tokens, isGreedy }, place) => (
            // Two choices may read alike.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={place} data-gold={place === gold}>
              <th scope="row">
                {text === '' ? '(empty)' : text}
                {place === gold ? <span className={styles['right']}>right</span> : null}
                <span className={styles['under']}>
                  {[
                    `${characters} characters`,
                    `${bytes} bytes`,
                    tokens === null ? '' : `${tokens} tokens`,
                    isGreedy ? 'greedy' : '',
                  ]
                    .filter((part) => part !== '')
                    .join(' · ')}
                </span>
              </th>
              {normalised.map(({ normalisation, values, pick }) => {
                const value = values?.[place] ?? null;
                const isPick = pick === place;
                return (
                  <td key={normalisation} className={styles['number']} data-pick={isPick}>
                    {value === null ? '–' : formatFixed(value, normalisation === 'none' ? 3 : 4)}
                    {isPick ? <span className={styles['takes']}>◆ takes</span> : null}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const NO_TOKENIZER = '-none-';

/** The samples of lm-eval do not say how many tokens a choice has. */
export function TokenizerChoice({
  problem,
  value,
}: {
  readonly problem: string | null;
  readonly value: string | null;
}) {
  const client = useClient();
  const { data } = useQuery({
    queryKey: [...workspaceKey, 'files', 'tokenizers-of-questions'],
    queryFn: ({ signal }) => client.tokenizers.list(undefined, { signal }),
  });
  const known = (data ?? []).filter((one) => one.problem === null);
  return (
    <div className={styles['tokenizer']}>
      {problem === null ? null : <span className={styles['calm']}>{problem}.</span>}
      <Select
        label="Count tokens with"
        choices={[
          { id: NO_TOKENIZER, label: 'no tokenizer' },
          ...known.map(({ path, name }) => ({ id: path, label: name, detail: path })),
        ]}
        value={value ?? NO_TOKENIZER}
        onChange={(path) => moveInQuestions({ tokenizer: path === NO_TOKENIZER ? null : path })}
      />
    </div>
  );
}
