// The folders of weights and the tokenizers of the workspace, as choices of a form.
import { useQuery } from '@tanstack/react-query';
import type { WeightsFolder } from '../../../core/api/weights.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { formatDiskSize } from '../../ui/format.ts';
import type { Choice } from '../../ui/select.tsx';

export function useWeightsFolders(): readonly WeightsFolder[] {
  const client = useClient();
  const list = useQuery({
    queryKey: queryKeys.weights,
    queryFn: ({ signal }) => client.weights.list(undefined, { signal }),
  });
  return list.data ?? none;
}
const none: readonly WeightsFolder[] = [];

export function folderChoices(folders: readonly WeightsFolder[]): readonly Choice[] {
  return folders.map(({ path, name, layout, sizeBytes }) => {
    const words = [path, layout === 'nanotron' ? 'Nanotron' : 'Hugging Face'];
    if (sizeBytes !== null) words.push(formatDiskSize(sizeBytes));
    return { id: path, label: name, detail: words.join(' · ') };
  });
}

/** What stands for "beside the weights" among the choices of a tokenizer. */
export const BESIDE = '';

export function useTokenizerChoices(): readonly Choice[] {
  const client = useClient();
  const list = useQuery({
    queryKey: [...queryKeys.weights, 'tokenizers'],
    queryFn: () => client.tokenizers.list(),
  });
  const found = (list.data ?? [])
    .filter(({ problem }) => problem === null)
    .map(({ path, name }) => ({
      id: path.replace(/\/?tokenizer\.json$/, '') || '.',
      label: name,
      detail: path,
    }));
  return [{ id: BESIDE, label: 'The one beside the weights' }, ...found];
}
