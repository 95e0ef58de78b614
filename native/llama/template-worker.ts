// Entry of the thread in which templates are rendered: it may run out of memory or never end without the model's process
// being harmed. Knows no models.
import { parentPort } from 'node:worker_threads';
import { type RenderRequest, renderPrompt } from './render.ts';

export type RenderReply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly detail: string };

/** Comes before the reply: until then the thread was still starting. */
export interface RenderBegun {
  readonly kind: 'begun';
}

parentPort?.on('message', (request: RenderRequest) => {
  parentPort?.postMessage({ kind: 'begun' } satisfies RenderBegun);
  let reply: RenderReply;
  try {
    reply = { kind: 'text', text: renderPrompt(request) };
  } catch (error) {
    reply = { kind: 'failed', detail: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
