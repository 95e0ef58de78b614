// Routes of targets: binds the contract to the services of this folder.
import type { TargetEvent } from '../../api/targets.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { streamAfter } from '../signal-bus.ts';
import { createTargetService, type TargetService } from './service.ts';
import { knownSshHosts } from './ssh-hosts.ts';

export function targetsRoutes(context: CoreContext) {
  // An `ssh -F` file, for people who keep one beside their own, and for tests.
  const configFile = process.env['NESSO_SSH_CONFIG'];
  const service = createTargetService(context, { sshConfigFile: configFile });
  return {
    procedures: {
      list: api.targets.list.handler(() => service.list()),
      add: api.targets.add.handler(({ input }) => service.add(input)),
      settings: api.targets.settings.handler(({ input }) => service.settings(input.name)),
      saveSettings: api.targets.saveSettings.handler(async ({ input }) => {
        await service.saveSettings(input.name, input.settings, input.version);
        return {};
      }),
      board: api.targets.board.handler(({ input }) => service.board(input.name)),
      watch: api.targets.watch.handler(({ signal }) => watch(service, signal)),
      knownHosts: api.targets.knownHosts.handler(async () => [...(await knownSshHosts(configFile))]),
      connect: api.targets.connect.handler(({ input, signal }) => service.connect(input.name, signal)),
      disconnect: api.targets.disconnect.handler(async ({ input }) => {
        await service.disconnect(input.name);
        return {};
      }),
      answer: api.targets.answer.handler(({ input }) => {
        service.answer(input.id, input.text);
        return {};
      }),
      browse: api.targets.browse.handler(({ input, signal }) =>
        service.browse(input.name, input.path, signal),
      ),
      probe: api.targets.probe.handler(({ input, signal }) => service.probe(input.name, signal)),
      profile: api.targets.profile.handler(({ input }) => service.profile(input.name)),
    },
    service,
    dispose: () => service.dispose(),
  };
}

async function* watch(
  service: TargetService,
  signal: AbortSignal | undefined,
): AsyncGenerator<TargetEvent, void> {
  yield* streamAfter(service.changes, async () => [await service.state()], {
    signal,
    keyOf: ({ kind }) => kind,
  });
}
