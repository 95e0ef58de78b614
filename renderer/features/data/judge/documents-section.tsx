// Which documents are judged: all of the rows as they are filtered now, or a sample of them; and how their tokens are counted.
import { useQuery } from '@tanstack/react-query';
import { filterSentence, isWhole } from '../../../../core/lib/datasets/view.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { Section } from '../../../ui/pane.tsx';
import { Select } from '../../../ui/select.tsx';
import { useDataView } from '../view/data-view.ts';
import styles from './setup-form.module.css';
import type { JudgeSetup } from './use-setup.ts';

const ESTIMATED = '-estimated-';

export function DocumentsSection(props: {
  readonly setup: JudgeSetup;
  readonly path: string;
  readonly query: URLSearchParams;
}) {
  const { path, query } = props;
  const { setup, change } = props.setup;
  const client = useClient();
  const [view] = useDataView(path, query);
  const tokenizers = useQuery({
    queryKey: [...filesKey, 'tokenizers'],
    queryFn: ({ signal }) => client.tokenizers.list(undefined, { signal }),
  });
  const usable = (tokenizers.data ?? []).filter(({ problem }) => problem === null);
  const conditions = [
    ...view.filters.map(filterSentence),
    ...(view.search === '' ? [] : [`the text contains “${view.search}”`]),
  ];
  return (
    <Section title="Documents">
      <div className={styles['fields']}>
        <div className={styles['row']}>
          <Select
            label="Which"
            choices={[
              { id: 'sample', label: 'A sample', detail: 'drawn by the seed, the same everywhere' },
              { id: 'all', label: 'All documents', detail: 'in the order of the file' },
            ]}
            value={setup.pick}
            onChange={(pick) => change({ pick })}
          />
          {setup.pick === 'sample' ? (
            <>
              <NumberField
                label="Documents"
                value={setup.documents}
                onChange={(documents) => change({ documents })}
                min={1}
                max={10_000_000}
              />
              <NumberField label="Seed" value={setup.seed} onChange={(seed) => change({ seed })} min={0} />
            </>
          ) : null}
          <Select
            label="Tokens counted by"
            choices={[
              { id: ESTIMATED, label: 'Estimate', detail: 'UTF-8 bytes ÷ 3, errs on the high side' },
              ...usable.map(({ path: file, name }) => ({ id: file, label: name, detail: file })),
            ]}
            value={setup.tokenizer ?? ESTIMATED}
            onChange={(tokenizer) => change({ tokenizer: tokenizer === ESTIMATED ? null : tokenizer })}
          />
        </div>
        <p className={styles['hint']}>
          {isWhole({ ...view, sort: null })
            ? 'From all rows; filters set in Rows would apply here too'
            : `Only where ${conditions.join(' and ')}, as filtered in Rows`}
        </p>
      </div>
    </Section>
  );
}
