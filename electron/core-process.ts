// Entry of the utility process that runs core. Serves one MessagePort a window; ends only when main says so.
import { createCore } from '../core/core.ts';
import type { StudioClient } from '../core/api/contract.ts';
import { createClient } from '../core/rpc/client.ts';
import { messagePortChannel } from '../core/rpc/message-port-channel.ts';
import { routerLink } from '../core/rpc/router-link.ts';
import { serveChannel } from '../core/rpc/serve-channel.ts';
import { openFirstWorkspace } from '../core/services/host/first-workspace.ts';
import type { CoreReport, CoreRequest, CoreStart } from './channels.ts';

const start = JSON.parse(process.argv[2] ?? '{}') as CoreStart;
const core = createCore({ ...start, host: 'electron' });
const client = createClient<StudioClient>(routerLink(core.router, core.context));
const { parentPort } = process;

core.context.workspace.switched.subscribe((workspace) => {
  const report: CoreReport = { kind: 'workspace', path: workspace?.path ?? null };
  parentPort.postMessage(report);
});

async function open(workspace: CoreStart['workspace']): Promise<void> {
  const problem = await openFirstWorkspace(client, workspace);
  if (!problem) return;
  core.context.notices.post({
    severity: 'warning',
    title: 'The workspace could not be opened',
    detail: problem.message,
  });
}

parentPort.on('message', (event) => {
  const request = event.data as CoreRequest;
  const [port] = event.ports;
  switch (request.kind) {
    case 'port':
      if (port) serveChannel(core.router, core.context, messagePortChannel(port));
      return;
    case 'open':
      void open({ path: request.path });
      return;
    case 'quit':
      void core.dispose().finally(() => process.exit(0));
  }
});

await open(start.workspace);
