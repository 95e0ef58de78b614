// The text of a document as every reader shows it: wrapped, searchable (Mod+F), and with the boundaries of tokens where the
// reader has any. What the document is, is for the reader around it.
import { type ReactNode, useMemo, useState } from 'react';
import { type Command, useCommands } from '../../../app/commands.ts';
import { describeError } from '../../../app/describe-error.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { noMatches } from './find-matches.ts';
import { SearchBar } from './search-bar.tsx';
import { TextBlocks } from './text-blocks.tsx';
import { TokenLine } from './token-line.tsx';
import { useSearch } from './use-search.ts';
import { type DocumentTokens, useTokenNames } from './use-tokens.ts';

export interface ShownTokens {
  readonly tokens: DocumentTokens | null;
  readonly error: unknown;
  /** Below the workspace; empty where only ids are known. */
  readonly tokenizer: string;
}

export function DocumentText({
  text,
  bar,
  shown = null,
}: {
  readonly text: string;
  /** Stands above the text. */
  readonly bar?: ReactNode;
  /** Null: without token boundaries. */
  readonly shown?: ShownTokens | null;
}) {
  const search = useSearch(text);
  const [hovered, setHovered] = useState<number | null>(null);
  const columns = shown?.tokens?.columns ?? null;
  const around = useMemo(
    () =>
      columns === null ? [] : [...new Set(columns.ids.filter((_, index) => columns.kinds[index] === 2))],
    [columns],
  );
  const names = useTokenNames(shown?.tokenizer ?? '', around);
  const { open } = search;
  useCommands(
    useMemo(
      (): readonly Command[] => [
        {
          id: 'data.reader.search',
          title: 'Search this document…',
          group: 'Reader',
          keys: 'Mod+F',
          keysInText: true,
          perform: open,
        },
      ],
      [open],
    ),
  );
  return (
    <div>
      {bar}
      {search.isOpen ? <SearchBar search={search} /> : null}
      {shown?.error ? <ErrorState compact {...describeError(shown.error)} /> : null}
      <TextBlocks
        text={text}
        tokens={columns}
        matches={search.isOpen ? search.matches : noMatches}
        current={search.isOpen ? search.current : null}
        nameOf={(token) => names.get(columns?.ids[token] ?? -1) ?? ''}
        hovered={columns === null ? null : hovered}
        {...(columns === null ? {} : { onHover: setHovered })}
      />
      {columns !== null && shown !== null && shown.tokens !== null ? (
        <TokenLine text={text} tokens={shown.tokens} tokenizer={shown.tokenizer} hovered={hovered} />
      ) : null}
    </div>
  );
}
