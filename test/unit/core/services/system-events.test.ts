// What a window hears of the studio: a notice is told once, so none may fall between the first status and listening.
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { SystemEvent } from '../../../../core/api/system.ts';
import type { CoreContext } from '../../../../core/services/context.ts';
import { createActivityLog } from '../../../../core/services/system/activities.ts';
import { createNoticeBoard } from '../../../../core/services/system/notices.ts';
import { createSettingsFile } from '../../../../core/services/system/settings.ts';
import { systemEvents } from '../../../../core/services/system/status.ts';
import { createWorkspaceHolder } from '../../../../core/services/workspace/holder.ts';

function emptyContext(): CoreContext {
  return {
    options: { appFolder: tmpdir(), stateFolder: tmpdir(), version: '0', host: 'test' },
    workspace: createWorkspaceHolder(),
    settings: createSettingsFile(tmpdir()),
    activities: createActivityLog(),
    notices: createNoticeBoard(),
  };
}

test('a notice that is posted while the first status is taken is told', async () => {
  const context = emptyContext();
  const sources = { listRuns: async () => [], listTargets: async () => [], nextQuestionMs: () => null };
  const leaving = new AbortController();
  const events = systemEvents(context, sources, leaving.signal);
  const first = events.next();
  context.notices.post({ severity: 'info', title: 'In between', detail: '' });
  const heard: SystemEvent[] = [];
  const opening = await first;
  if (!opening.done) heard.push(opening.value);
  for await (const event of events) {
    heard.push(event);
    if (event.kind === 'notice') break;
  }
  expect(heard.map(({ kind }) => kind)).toEqual(['status', 'activities', 'notice']);
  expect(context.notices.bus.listenerCount).toBe(0);
});
