// Starts the life of a checkpoint from the window. The work is core's: it goes on whatever is shown, and whoever waits is taken to the
// conversation when it is ready.
import type { StudioClient } from '../../../core/api/contract.ts';
import type { OpenRequest, Opened } from '../../../core/api/checkpoints.ts';
import { isAbort } from '../../app/describe-error.ts';
import { notify } from '../../app/notifications.ts';
import { currentRoute, href, navigate } from '../../app/route.ts';
import { formatInteger } from '../../ui/format.ts';

export type Asked = Pick<OpenRequest, 'id' | 'step' | 'type'> &
  Partial<Pick<OpenRequest, 'how' | 'tokenizer' | 'preTokenizer' | 'wait'>>;

/** What fails stays with the checkpoint, where `watch` tells it. */
export async function openAndChat(client: StudioClient, asked: Asked, checkpoint: string): Promise<void> {
  const opened = await followed(() => client.checkpoints.open({ ...asked, keepGoing: true }));
  const path = opened?.modelPath ?? null;
  if (opened === null || path === null) return;
  const model = opened.life.models.find(({ file }) => path.endsWith(`/${file}`));
  const isTrusted = model?.verified?.verdict !== 'different';
  const route = currentRoute();
  const isShown =
    route?.view === 'runs' && route.argument === asked.id && route.query.get('checkpoint') === checkpoint;
  if (isShown && isTrusted) {
    navigate(href('models', path));
    return;
  }
  if (isShown) return;
  notify({
    severity: isTrusted ? 'good' : 'warning',
    title: `Step ${formatInteger(asked.step)} of ${opened.life.runName} is ${isTrusted ? 'ready' : 'not the same model'}`,
    action: { label: 'Chat', perform: () => navigate(href('models', path)) },
  });
}

export async function pullOnly(client: StudioClient, asked: Omit<Asked, 'type'>): Promise<void> {
  await followed(() => client.checkpoints.pull({ ...asked, keepGoing: true }));
}

async function followed(
  start: () => Promise<AsyncIterable<{ kind: 'progress' } | { kind: 'result'; result: Opened }>>,
): Promise<Opened | null> {
  try {
    for await (const event of await start()) if (event.kind === 'result') return event.result;
    return null;
  } catch (error) {
    if (!isAbort(error)) return null;
    return null;
  }
}
