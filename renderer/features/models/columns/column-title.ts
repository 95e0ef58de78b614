// How a column is called: its model's title, and what sets it apart.
import type { ModelSummary } from '../../../../core/api/models.ts';
import { formatDiskSize } from '../../../ui/format.ts';
import { modelTitle } from '../model-name.ts';
import type { Column } from './compare-state.ts';

export function columnTitle(
  { modelPath, sampling, mode, systemPrompt, template }: Column,
  model: ModelSummary | null,
): { readonly title: string; readonly detail: string } {
  const parts = [
    // The title of a checkpoint says its type.
    model?.origin ? '' : (model?.quantization ?? ''),
    model === null ? '' : formatDiskSize(model.sizeBytes),
    sampling.temperature === 0 ? 'greedy' : `temperature ${sampling.temperature}`,
    ...(sampling.temperature > 0 && sampling.seed !== null ? [`seed ${sampling.seed}`] : []),
    ...(mode === 'raw' ? ['raw'] : []),
    ...(systemPrompt.trim() === '' ? [] : ['own system prompt']),
    ...(template === null ? [] : ['other template']),
  ];
  return {
    title: modelTitle(modelPath, model),
    detail: parts.filter((part) => part !== '').join(' · '),
  };
}
