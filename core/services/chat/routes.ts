// Routes of chat: binds the contract to the services of this folder.
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { isInside, resolveInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { createChatEngine } from '../model-runtime/engine.ts';

export function chatRoutes(context: CoreContext) {
  const root = () => context.workspace.require().path;
  const inside = (path: string) => resolveInside(root(), path);
  const engine = createChatEngine({
    appFolder: context.options.appFolder,
    settings: () => context.settings.read(),
    onDeath: (reason) =>
      context.notices.post({
        severity: 'warning',
        title: 'The process that runs models ended',
        detail: `It ended with ${reason}. Nothing else was affected; the next message starts it again.`,
      }),
  });
  return {
    procedures: {
      answer: api.chat.answer.handler(async ({ input, signal }) =>
        engine.generate({ ...input, modelPath: await inside(input.modelPath) }, signal),
      ),
      render: api.chat.render.handler(async ({ input }) => {
        const { text, tokens } = await engine.render(await inside(input.modelPath), input.prompt);
        return { text, tokens: [...tokens] };
      }),
      tokenize: api.chat.tokenize.handler(async ({ input }) => ({
        tokens: [...(await engine.tokenize(await inside(input.modelPath), input.text, input.addBos))],
      })),
      estimate: api.chat.estimate.handler(async ({ input }) =>
        engine.estimate(await inside(input.modelPath), input.contextTokens),
      ),
      loaded: api.chat.loaded.handler(() =>
        engine.loaded().map((model) => ({ ...model, modelPath: shown(context, model.modelPath) })),
      ),
      unload: api.chat.unload.handler(async ({ input }) => {
        await engine.unload(input.modelPath === null ? null : await inside(input.modelPath));
        return {};
      }),
    },
    engine,
    dispose: () => engine.dispose(),
  };
}

/** Workspace path when the model lies in the open workspace, else the path itself. */
function shown(context: CoreContext, path: string): string {
  const root = context.workspace.current?.path;
  return root !== undefined && isInside(root, path) ? toWorkspacePath(root, path) : path;
}
