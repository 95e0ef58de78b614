// What a model or a folder of weights is called: the one place where titles are made, so that a checkpoint has the same name
// in headers, lists and columns.
import type { ModelSummary } from '../../../core/api/models.ts';
import { fileName, formatInteger } from '../../ui/format.ts';

type Titled = Pick<ModelSummary, 'origin' | 'quantization'>;

/**
 * `<run> · <step> · <type>` for a model made of a checkpoint, else the name of its file. `model` is null where only the path is
 * known.
 */
export function modelTitle(path: string, model: Titled | null): string {
  const step = /^checkpoints\/([^/]+)\/(\d+)\/([^/]+)\.gguf$/i.exec(path);
  const origin = model?.origin ?? null;
  if (origin !== null) {
    const type = model?.quantization ?? '';
    return [origin.runName, formatInteger(origin.step), ...(type === '' ? [] : [type])].join(' · ');
  }
  if (step !== null) {
    const [, run = '', number = '', file = ''] = step;
    return [run, formatInteger(Number(number)), file.replace(/^model-/, '').toUpperCase()].join(' · ');
  }
  return fileName(path);
}

/** The file without its ending; a step with the folder of its run. For names of files that are made. */
export function shownModelName(path: string): string {
  const parts = path.split('/').filter((part) => !/^(weights|checkpoints|runs|models)$/.test(part));
  const own = (parts.at(-1) ?? path).replace(/\.gguf$/i, '');
  const isStep = /^(checkpoint-|step-?)?\d+$/.test(own) || own.startsWith('model-');
  return isStep && parts.length > 1 ? `${parts.at(-2)} · ${own}` : own;
}

export function isModelFile(path: string): boolean {
  return /\.gguf$/i.test(path);
}
