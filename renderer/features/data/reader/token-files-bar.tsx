// Above the rows of a tokenized dataset: how many tokens, by which tokenizer they are read, and what is wrong with the files.
import type { TokenFiles } from '../../../../core/api/dataset-shape.ts';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Select } from '../../../ui/select.tsx';
import styles from './reader.module.css';
import { useDecodingTokenizer, useTokenizers } from './use-tokenizers.ts';

const FROM_METADATA = 'metadata';

export function TokenFilesBar({ path, tokens }: { readonly path: string; readonly tokens: TokenFiles }) {
  const known = useTokenizers() ?? [];
  const [chosen, choose] = useDecodingTokenizer(path);
  const { named, tokenizer, largestId } = tokens;
  const used = chosen === '' ? tokenizer : (known.find((each) => each.path === chosen) ?? null);
  const findings = [
    ...tokens.findings,
    ...(tokens.moreFindings > 0 ? [`${formatInteger(tokens.moreFindings)} more findings`] : []),
    ...(used === null
      ? [
          named === null
            ? 'Rows show ids: choose the tokenizer they were made with'
            : `Rows show ids: the tokenizer ${named} is not at hand. Choose it`,
        ]
      : largestId >= used.vocabularySize
        ? [
            `The largest id is ${formatInteger(largestId)}, but ${used.name} has ${formatInteger(used.vocabularySize)} entries: ids outside of it show nothing`,
          ]
        : []),
  ];
  const size = tokens.bytesPerToken === null ? '' : ` of ${tokens.bytesPerToken} bytes`;
  return (
    <>
      <div className={styles['tokenized']}>
        <span>
          {formatQuantity(tokens.tokens, 'token')}
          {size}, read with
        </span>
        <Select
          label="Tokenizer of this dataset"
          isLabelHidden
          placeholder="Choose a tokenizer…"
          choices={[
            ...(tokenizer === null
              ? []
              : [
                  {
                    id: FROM_METADATA,
                    label: tokenizer.name,
                    detail: `as its metadata say · ${tokenizer.path}`,
                  },
                ]),
            ...known.map((each) => ({ id: each.path, label: each.name, detail: each.path })),
          ]}
          value={chosen === '' ? (tokenizer === null ? null : FROM_METADATA) : chosen}
          onChange={(id) => choose(id === FROM_METADATA ? '' : id)}
        />
      </div>
      {findings.length === 0 ? null : (
        <section className={styles['findings']} aria-label="Findings about the files">
          {findings.length === 1 ? (
            findings[0]
          ) : (
            <ul>
              {findings.map((finding) => (
                <li key={finding}>{finding}</li>
              ))}
            </ul>
          )}
        </section>
      )}
    </>
  );
}
