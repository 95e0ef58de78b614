// The check in a worker of its own: parsing, schema, rules, derived numbers and the form's model, off the main thread.
import { checkDocument } from '../../../../core/lib/config/check.ts';
import { parseConfig } from '../../../../core/lib/config/document.ts';
import { applyAllFixes } from '../../../../core/lib/config/fix-all.ts';
import { formModel } from '../../../../core/lib/config/form.ts';
import type { CheckReply, CheckRequest } from './check-protocol.ts';

self.onmessage = (event: MessageEvent<CheckRequest>) => {
  const { id, task, text, options } = event.data;
  const startedMs = performance.now();
  try {
    const fixed = task === 'fix-all' ? applyAllFixes(text, options) : { text, applied: [] };
    const document = parseConfig(fixed.text);
    const { kind, findings, derived } = checkDocument(document, options);
    const form = formModel(document, kind);
    const finished = {
      result: { kind, findings, derived, form },
      text: fixed.text,
      fixes: fixed.applied.length,
      durationMs: performance.now() - startedMs,
    };
    reply({ id, kind: 'done', finished });
  } catch (error) {
    reply({ id, kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
};

function reply(message: CheckReply): void {
  self.postMessage(message);
}
