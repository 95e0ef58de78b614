// Routes of the OpenAI-compatible server: starts it, stops it, says where it is.
import type { ModelSummary } from '../../api/models.ts';
import type { OpenaiServerState } from '../../api/openai-server.ts';
import { api } from '../base.ts';
import type { ChatEngine } from '../model-runtime/engine.ts';
import type { CoreContext } from '../context.ts';
import { type OpenaiServer, startOpenaiServer } from './http-server.ts';
import { workspaceModels } from './served-models.ts';

export function openaiServerRoutes(
  context: CoreContext,
  engine: ChatEngine,
  list: (root: string) => Promise<readonly ModelSummary[]>,
) {
  const models = workspaceModels(() => context.workspace.require().path, list);
  let server: OpenaiServer | null = null;
  let needsToken = false;
  let requests = 0;
  /** Starts and stops one after another. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const state = async (): Promise<OpenaiServerState> => {
    const [newest] = context.workspace.current === null ? [] : await models.list();
    return {
      url: server?.url ?? null,
      port: server?.port ?? null,
      latest: newest?.id ?? null,
      needsToken: server !== null && needsToken,
      requests,
    };
  };
  const stop = async () => {
    const running = server;
    server = null;
    await running?.close();
  };
  return {
    procedures: {
      state: api.openaiServer.state.handler(state),
      start: api.openaiServer.start.handler(({ input: { port, token } }) =>
        inTurn(async () => {
          if (server === null) {
            requests = 0;
            needsToken = token !== null;
            const onRequest = () => {
              requests += 1;
            };
            server = await startOpenaiServer({ engine, models, port, token, onRequest });
          }
          return state();
        }),
      ),
      stop: api.openaiServer.stop.handler(() =>
        inTurn(async () => {
          await stop();
          return state();
        }),
      ),
    },
    dispose: () => inTurn(stop),
  };
}
