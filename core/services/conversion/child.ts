// The conversion child: one conversion at a time, away from core. Ends with its parent; what was not finished is removed.
import { z } from 'zod';
import { toStudioError } from '../system-errors.ts';
import { conversionRequest, convertModel } from './convert-model.ts';
import type { FromConversionChild } from './conversion-protocol.ts';

const PROGRESS_EVERY_MS = 100;
const message = z.object({ request: conversionRequest });

class Cancelled extends Error {
  override readonly name = 'AbortError';
}

let cancelled = false;
process.on('disconnect', () => {
  cancelled = true;
});

process.once('message', (raw) => void convert(raw));

async function convert(raw: unknown): Promise<void> {
  let toldMs = 0;
  try {
    const converted = await convertModel(message.parse(raw).request, async (share) => {
      const nowMs = performance.now();
      if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
      toldMs = nowMs;
      send({ kind: 'progress', share });
      // Lets the end of the parent be noticed.
      await new Promise((resolve) => setImmediate(resolve));
      if (cancelled) throw new Cancelled('The conversion was cancelled');
    });
    send({ kind: 'done', converted });
  } catch (error) {
    const { code, message: text, data } = toStudioError(error);
    send({ kind: 'failed', code, message: text, data });
  }
  if (cancelled) process.exit(0);
}

function send(answer: FromConversionChild): void {
  if (process.connected) process.send?.(answer);
}
