// What is inside a model or a folder of weights, as core says it, and its layout in words.
import { useQuery } from '@tanstack/react-query';
import type { WeightsDetail } from '../../../../core/api/weights.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';

export const layoutWords: Readonly<Record<WeightsDetail['layout'], string>> = {
  gguf: 'GGUF',
  huggingface: 'Hugging Face folder',
  nanotron: 'Nanotron checkpoint',
};

export function useWeightsDetail(path: string) {
  const client = useClient();
  return useQuery({
    queryKey: queryKeys.weightsOf(path),
    queryFn: ({ signal }) => client.weights.inspect({ path }, { signal }),
  });
}
