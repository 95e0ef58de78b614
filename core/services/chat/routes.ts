// Routes of chat: binds the contract to the services of this folder.
import type { CoreContext } from '../context.ts';
import { api } from '../base.ts';
import { notBuilt } from '../not-built.ts';

export function chatRoutes(_context: CoreContext) {
  return {
    procedures: {
      answer: api.chat.answer.handler(notBuilt),
      unload: api.chat.unload.handler(notBuilt),
      runtime: api.chat.runtime.handler(notBuilt),
      listConversations: api.chat.listConversations.handler(notBuilt),
      readConversation: api.chat.readConversation.handler(notBuilt),
      saveConversation: api.chat.saveConversation.handler(notBuilt),
      removeConversation: api.chat.removeConversation.handler(notBuilt),
    },
    dispose: async () => {},
  };
}
