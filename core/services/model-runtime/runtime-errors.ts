// What the process that runs models reports, as an error a person can act on.
import { basename } from 'node:path';
import { LlamaFailure } from '../../../native/llama/inbox.ts';
import { StudioError } from '../../api/errors.ts';
import { formatDiskSize } from '../../lib/format/numbers.ts';
import { NoRoom } from './pool.ts';

/** Anything else stays what it is. */
export function asStudioError(error: unknown, path: string): unknown {
  if (error instanceof NoRoom) return noRoom(error.neededBytes, error.budgetBytes, path);
  if (!(error instanceof LlamaFailure)) return error;
  const name = basename(path);
  const detail = error.message;
  const options = (hint: string) => ({ hint, path, detail, cause: error });
  switch (error.reason) {
    case 'died':
      return new StudioError(
        'RUNTIME_DIED',
        `The process that runs ${name} ended (${detail})`,
        options('Ask again: it starts anew. If it keeps ending, try a smaller context or another model'),
      );
    case 'memory':
      return new StudioError(
        'UNAVAILABLE',
        `There is not enough memory for ${name}`,
        options('Choose a smaller context or a smaller quantization, or close other programs'),
      );
    case 'load':
      return new StudioError(
        'CORRUPT_FILE',
        `${name} could not be loaded: ${firstLine(detail)}`,
        options('Convert the model again, or check that its architecture is supported'),
      );
    case 'no-template':
      return new StudioError(
        'INVALID_INPUT',
        `${name} has no chat template`,
        options('Switch to raw completion, write a template here, or add one when converting'),
      );
    case 'template':
      return new StudioError(
        'INVALID_INPUT',
        `The chat template cannot render this conversation: ${firstLine(detail)}`,
        options('Change the template, or the turns it refuses'),
      );
    case 'grammar':
      return new StudioError(
        'INVALID_INPUT',
        `The grammar cannot be used: ${firstLine(detail)}`,
        options('Check the grammar; it must have a rule named root'),
      );
    case 'input':
      return new StudioError('INVALID_INPUT', firstLine(detail), options('Change it and ask again'));
    case 'too-long':
      return new StudioError(
        'TOO_LARGE',
        'The conversation does not fit into the context of the model',
        options('Shorten the last message, start a new chat, or choose a larger context'),
      );
    case 'stopped':
      return new StudioError('CANCELLED', 'Stopped', options('Ask again if it is still wanted'));
    case 'not-loaded':
    case 'other':
      return new StudioError(
        'INTERNAL',
        `${name} could not answer`,
        options('Copy the details and report them'),
      );
  }
}

export function noRoom(neededBytes: number, budgetBytes: number, path: string): StudioError {
  return new StudioError(
    'UNAVAILABLE',
    `${basename(path)} needs about ${formatDiskSize(neededBytes)} of memory, and models may take ${formatDiskSize(budgetBytes)}`,
    {
      hint: 'Choose a smaller context or a smaller quantization, or raise the memory for models in the settings',
      path,
    },
  );
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
