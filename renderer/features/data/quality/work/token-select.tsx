// What counts as a token: the column, a tokenizer of the workspace, or the estimate. Another answer is another lab.
import { useQuery } from '@tanstack/react-query';
import { filesKey } from '../../../../app/query-keys.ts';
import { navigate } from '../../../../app/route.ts';
import { useClient } from '../../../../app/session.ts';
import { type Choice, Select } from '../../../../ui/select.tsx';
import type { Lab } from '../lab/lab.ts';
import { labHref } from '../lab/mode.ts';
import { tokensFromText, tokensText } from '../lab/tokens.ts';
import { useLabState, useRememberTokens } from '../lab/use-lab.ts';

export function TokenSelect({ lab }: { readonly lab: Lab }) {
  const client = useClient();
  const found = useLabState(lab, (state) => state.description?.tokens);
  const hasText = useLabState(lab, (state) => state.description?.textColumn !== null);
  const remember = useRememberTokens(lab.paths);
  const tokenizers = useQuery({
    queryKey: [...filesKey, 'tokenizers'],
    queryFn: ({ signal }) => client.tokenizers.list(undefined, { signal }),
  });
  if (found === undefined) return null;
  const own = tokensText(lab.tokens);
  const value = own !== 'found' ? own : found.kind === 'column' ? 'column' : 'estimate';
  const known = (tokenizers.data ?? []).filter(({ problem }) => problem === null);
  const choices: Choice[] = [
    ...(found.column === null
      ? []
      : [{ id: 'column', label: found.column, detail: 'the column, as its maker counted' }]),
    ...(hasText
      ? [
          ...known.map(({ path, name, sha256 }) => ({
            id: path,
            label: name,
            detail: `${path} · ${sha256?.slice(0, 8) ?? ''}`,
          })),
          { id: 'estimate', label: 'Estimate', detail: 'characters divided by 4, no tokenizer' },
        ]
      : []),
  ];
  if (choices.length === 0) return null;
  // A link may name a tokenizer that is not listed.
  if (!choices.some(({ id }) => id === value))
    choices.push({ id: value, label: found.tokenizer?.name ?? value });
  return (
    <Select
      label="Tokens"
      isLabelHidden
      choices={choices}
      value={value}
      onChange={(id) => {
        remember(id);
        const { tokens: _, ...parameters } = lab.parameters();
        navigate(labHref(lab.paths, { ...parameters, tokens: tokensText(tokensFromText(id)) }));
      }}
    />
  );
}
