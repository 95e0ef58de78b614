// `nesso serve-model`: models for other programs of this computer, through OpenAI's interface.
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_OPENAI_PORT } from '../../core/api/openai-server.ts';
import { createChatEngine } from '../../core/services/model-runtime/engine.ts';
import { createModelList } from '../../core/services/models/list-models.ts';
import { readModelFile } from '../../core/services/models/read-header.ts';
import { startOpenaiServer } from '../../core/services/openai/http-server.ts';
import { LATEST, type ServedModels, workspaceModels } from '../../core/services/openai/served-models.ts';
import { createSettingsFile } from '../../core/services/system/settings.ts';
import type { CommandContext } from '../command.ts';

interface ServeModelOptions {
  readonly port: number;
  readonly token?: string;
  readonly alias?: string;
  readonly workspace?: string;
}

export function registerServeModel(program: Command, context: CommandContext): void {
  program
    .command('serve-model')
    .description('serve models to other programs of this computer as OpenAI does; Ctrl-C ends it')
    .argument(
      '[model]',
      'a GGUF file; without one every model of the workspace, `latest` being the newest checkpoint',
    )
    .option('--alias <name>', 'what programs call the file (default: its name; `latest` always works)')
    .option('-w, --workspace <folder>', 'workspace whose models are served')
    .option('-p, --port <number>', 'port; 0 chooses a free one', parsePort, DEFAULT_OPENAI_PORT)
    .option('--token <text>', 'key that programs must send; without one all of this computer may ask')
    .action(
      context.action(async (model: string | undefined, options: ServeModelOptions) => {
        const settings = createSettingsFile(context.stateFolder);
        const engine = createChatEngine({ appFolder: context.appFolder, settings: () => settings.read() });
        try {
          const models = await modelsOf(context, model, options);
          const [newest] = await models.list();
          const server = await startOpenaiServer({
            engine,
            models,
            port: options.port,
            token: options.token ?? null,
          });
          const { url, port } = server;
          context.print(
            { url, port, latest: newest?.id ?? null, pid: process.pid },
            [
              `Models are at ${url}`,
              newest === undefined ? 'There is no model yet' : `${LATEST} is ${newest.id}`,
              ...(options.token === undefined ? ['Any key will do'] : []),
            ].join('\n'),
          );
          await new Promise<void>((done) => {
            if (context.signal.aborted) done();
            else context.signal.addEventListener('abort', () => done(), { once: true });
          });
          await server.close();
          return 0;
        } finally {
          await engine.dispose();
        }
      }),
    );
}

async function modelsOf(
  context: CommandContext,
  model: string | undefined,
  { alias, workspace }: ServeModelOptions,
): Promise<ServedModels> {
  if (model === undefined) {
    const root = context.findWorkspace(workspace);
    const list = createModelList();
    return workspaceModels(
      () => root,
      (folder) => list.list(folder),
    );
  }
  const path = resolve(model);
  // Refused now rather than at the first request.
  await readModelFile(path);
  const { mtimeMs } = await stat(path);
  const id = alias ?? basename(path).replace(/\.gguf$/i, '');
  return { list: async () => [{ id, path, changedMs: mtimeMs }] };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('must be a number from 0 to 65535');
}
