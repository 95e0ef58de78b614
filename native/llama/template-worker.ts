// Entry of the thread in which templates are rendered: it may run out of memory or never end without the model's process
// being harmed. Knows no models.
import { parentPort } from 'node:worker_threads';
import { type RenderRequest, renderPrompt } from './render.ts';

export type RenderReply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly detail: string };

parentPort?.on('message', (request: RenderRequest) => {
  let reply: RenderReply;
  try {
    reply = { kind: 'text', text: renderPrompt(request) };
  } catch (error) {
    reply = { kind: 'failed', detail: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
