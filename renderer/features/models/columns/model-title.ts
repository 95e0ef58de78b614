// How a column is called: the run and step of a checkpoint, else the file; and what sets it apart.
import type { ModelSummary } from '../../../../core/api/models.ts';
import { fileName, formatDiskSize, formatInteger } from '../../../ui/format.ts';
import type { Column } from './compare-state.ts';

export function modelTitle(
  { modelPath, sampling, mode, systemPrompt, template }: Column,
  model: ModelSummary | null,
): { readonly title: string; readonly detail: string } {
  const origin = model?.origin ?? null;
  const parts = [
    model?.quantization ?? '',
    model === null ? '' : formatDiskSize(model.sizeBytes),
    sampling.temperature === 0 ? 'greedy' : `temperature ${sampling.temperature}`,
    ...(sampling.temperature > 0 && sampling.seed !== null ? [`seed ${sampling.seed}`] : []),
    ...(mode === 'raw' ? ['raw'] : []),
    ...(systemPrompt.trim() === '' ? [] : ['own system prompt']),
    ...(template === null ? [] : ['other template']),
  ];
  return {
    title:
      origin === null
        ? fileName(modelPath).replace(/\.gguf$/i, '')
        : `${origin.runName} · ${formatInteger(origin.step)}`,
    detail: parts.filter((part) => part !== '').join(' · '),
  };
}
