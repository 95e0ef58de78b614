// The view's main action: a new conversation with the chosen model.
import { MessageSquarePlus } from 'lucide-react';
import type { PaneProps } from '../../../app/feature.ts';
import { href, navigate } from '../../../app/route.ts';
import { Button } from '../../../ui/button.tsx';
import { newId } from './session/chat-state.ts';

export function NewChatAction({ argument }: PaneProps) {
  if (argument === null) return null;
  return (
    <Button
      kind="primary"
      icon={MessageSquarePlus}
      keys="Alt+N"
      onPress={() => navigate(href('models', argument, { chat: newId() }))}
    >
      New conversation
    </Button>
  );
}
