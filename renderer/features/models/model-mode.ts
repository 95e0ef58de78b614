// Which of the modes a link to a model means, and the links between them. Knows no mode's code.
import { href } from '../../app/route.ts';

export type ModelModeId = 'chat' | 'compare' | 'inside' | 'difference' | 'quantizations' | 'replay';

const ids: readonly ModelModeId[] = ['chat', 'compare', 'inside', 'difference', 'quantizations', 'replay'];

/** `?mode=` says it; a link with columns means them side by side, and one that says nothing the conversation. */
export function modelModeOf(query: URLSearchParams): ModelModeId {
  const named = ids.find((id) => id === query.get('mode'));
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
