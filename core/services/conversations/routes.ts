// Routes of conversations: binds the contract to the files of this folder.
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import {
  createConversationList,
  readConversation,
  removeConversation,
  restoreConversation,
  saveConversation,
  searchConversations,
} from './conversation-files.ts';

export function conversationsRoutes(context: CoreContext) {
  const root = () => context.workspace.require().path;
  const list = createConversationList();
  return {
    procedures: {
      list: api.conversations.list.handler(({ signal }) => list.list(root(), signal)),
      read: api.conversations.read.handler(({ input }) => readConversation(root(), input.id)),
      save: api.conversations.save.handler(({ input }) =>
        saveConversation(root(), input.conversation, input.baseVersion),
      ),
      remove: api.conversations.remove.handler(async ({ input }) => ({
        restoreToken: await removeConversation(root(), input.id),
      })),
      restore: api.conversations.restore.handler(async ({ input }) => {
        await restoreConversation(root(), input.restoreToken);
        return {};
      }),
      search: api.conversations.search.handler(({ input, signal }) =>
        searchConversations(root(), list, input.text, signal),
      ),
    },
    dispose: async () => {},
  };
}
