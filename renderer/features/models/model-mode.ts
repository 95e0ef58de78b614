// The modes of a model, in the order of the switch, which of them a link means, and the links between them. Knows no mode's code.
import { href } from '../../app/route.ts';
import { isModelFile } from './model-name.ts';

export type ModelModeId = 'chat' | 'compare' | 'inside' | 'difference' | 'quantizations' | 'replay';

export interface ModelMode {
  readonly id: ModelModeId;
  readonly title: string;
  /** For the palette and the keyboard. */
  readonly command: string;
  readonly keys: string;
  /** Also for folders of weights, which no runtime loads. */
  readonly takesFolders?: true;
}

const modes: readonly ModelMode[] = [
  { id: 'chat', title: 'Chat', command: 'Chat with the model', keys: 'M C' },
  { id: 'inside', title: 'Inside', command: 'Look inside the model', keys: 'M I', takesFolders: true },
  {
    id: 'difference',
    title: 'Difference',
    command: 'Compare the weights with another model',
    keys: 'M D',
    takesFolders: true,
  },
  { id: 'compare', title: 'Compare', command: 'Ask several models side by side', keys: 'M S' },
  {
    id: 'replay',
    title: 'Replay',
    command: 'Replay a conversation through the checkpoints of a run',
    keys: 'M R',
  },
  {
    id: 'quantizations',
    title: 'Quantizations',
    command: 'Measure quantizations beside each other',
    keys: 'M Q',
  },
];

/** What can be done with the object of a path: a model, or a folder of weights. */
export function modesFor(path: string | null): readonly ModelMode[] {
  return path === null || isModelFile(path) ? modes : modes.filter((mode) => mode.takesFolders);
}

/** `?mode=` says it; a link with columns means them side by side, and one that says nothing the conversation. */
export function modelModeOf(query: URLSearchParams): ModelModeId {
  const named = modes.find(({ id }) => id === query.get('mode'))?.id;
  return named ?? (query.has('columns') ? 'compare' : 'chat');
}

/** The model in another mode; the conversation that was shown goes along. */
export function modelModeHref(path: string, mode: ModelModeId, query: URLSearchParams): string {
  const chat = query.get('chat');
  return href('models', path, {
    ...(mode === 'chat' ? {} : { mode }),
    ...(chat === null ? {} : { chat }),
  });
}
