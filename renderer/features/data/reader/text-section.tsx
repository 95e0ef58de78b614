// The document in the reader pane: its text with search, a tokenizer, token boundaries, and a copy button.
import { Search, SplitSquareHorizontal } from 'lucide-react';
import { useMemo } from 'react';
import type { DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import { availableCommands, type Command, useCommands } from '../../../app/commands.ts';
import { IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { Section } from '../../../ui/pane.tsx';
import { Select } from '../../../ui/select.tsx';
import { DocumentText } from './document-text.tsx';
import styles from './reader.module.css';
import { useChosenTokenizer, useDecodingTokenizer, useShowTokens, useTokenizers } from './use-tokenizers.ts';
import { type TokenSource, useTokens } from './use-tokens.ts';

/** Longer texts are encoded only when their tokens are asked for. */
const COUNTED_CHARACTERS = 200_000;

export function TextSection(props: {
  readonly path: string;
  readonly row: number;
  readonly name: string;
  readonly text: string;
  readonly isCut: boolean;
  readonly info: DatasetInfo | null;
}) {
  const { path, row, name, text, isCut, info } = props;
  const tokenizers = useTokenizers() ?? [];
  const [chosen, choose] = useChosenTokenizer();
  const [decoding] = useDecodingTokenizer(path);
  const [isShown, show] = useShowTokens();
  const isFile = info?.tokens !== undefined && name === 'text';
  const known = tokenizers.find((each) => each.path === chosen);
  const tokenizer = isFile ? decoding : (known?.path ?? '');
  const source: TokenSource = { path, row, kind: isFile ? 'file' : 'encode', text, tokenizer };
  const isReadable = !isFile || decoding !== '' || info.tokens?.tokenizer != null;
  const tokens = useTokens(source, isReadable && (isShown || text.length <= COUNTED_CHARACTERS));
  const named = isFile ? decoding || info.tokens?.tokenizer?.path : known?.path;
  const label = isFile
    ? (tokenizers.find((each) => each.path === named)?.name ?? info.tokens?.tokenizer?.name ?? '')
    : (known?.name ?? '');
  const canShow = isFile ? isReadable : known !== undefined;
  useCommands(
    useMemo(
      (): readonly Command[] => [
        {
          id: 'data.reader.tokens',
          title: 'Show or hide token boundaries',
          group: 'Reader',
          keys: 'T',
          perform: () => show(!isShown),
        },
      ],
      [isShown, show],
    ),
  );
  const count = tokens.data ? ` · ${formatInteger(tokens.data.count)} tokens (${label})` : '';
  const isInWorkspace = tokenizers.some((each) => each.path === named);
  return (
    <Section
      title={name}
      aside={
        <>
          {`${formatInteger(text.length)} characters${isCut ? ', cut' : ''}${count}`}
          <CopyButton text={text} label={`Copy ${name}`} iconOnly />
        </>
      }
    >
      <DocumentText
        text={text}
        shown={
          isShown && canShow
            ? {
                tokens: tokens.data ?? null,
                error: tokens.error,
                tokenizer: isInWorkspace ? (named ?? '') : '',
              }
            : null
        }
        bar={
          <div className={styles['bar']}>
            {isFile || tokenizers.length === 0 ? null : (
              <Select
                label="Tokenizer"
                isLabelHidden
                placeholder="Tokenizer…"
                choices={tokenizers.map((each) => ({
                  id: each.path,
                  label: each.name,
                  detail: `${formatInteger(each.vocabularySize)} entries · ${each.path}`,
                }))}
                value={known?.path ?? null}
                onChange={(next) => {
                  choose(next);
                  show(true);
                }}
              />
            )}
            {tokenizers.length === 0 && !isFile ? (
              <span className={styles['facts']}>A tokenizer.json in the workspace shows tokens here</span>
            ) : (
              <IconButton
                icon={SplitSquareHorizontal}
                label={isShown ? 'Hide token boundaries' : 'Show token boundaries'}
                keys="T"
                size="small"
                isPressed={isShown && canShow}
                isDisabled={!canShow}
                onPress={() => show(!isShown)}
              />
            )}
            <span className={styles['spring']} />
            <IconButton
              icon={Search}
              label="Search this document"
              keys="Mod+F"
              size="small"
              onPress={() =>
                void availableCommands()
                  .find(({ id }) => id === 'data.reader.search')
                  ?.perform()
              }
            />
          </div>
        }
      />
    </Section>
  );
}
