// What stands around the conversation: chat or raw, system prompt, begin token, template.
import { useState } from 'react';
import { Button } from '../../../../ui/button.tsx';
import { Switch } from '../../../../ui/checkbox.tsx';
import { FieldRow } from '../../../../ui/field-row.tsx';
import { Section } from '../../../../ui/pane.tsx';
import { Select } from '../../../../ui/select.tsx';
import { TextField } from '../../../../ui/text-field.tsx';
import type { ChatSession } from '../session/chat-session.ts';
import styles from './inspector.module.css';
import { TemplateDialog } from './template-dialog.tsx';
import { useChatState } from '../session/use-chat-session.ts';

const modes = [
  { id: 'chat', label: 'Chat', detail: 'With a chat template' },
  { id: 'raw', label: 'Raw completion', detail: 'No template: the text goes on' },
] as const;

export function PromptForm({
  session,
  modelPath,
}: {
  readonly session: ChatSession;
  readonly modelPath: string;
}) {
  const { mode, systemPrompt, template, addBos } = useChatState(session, (state) => state.conversation);
  const [isTemplateOpen, setTemplateOpen] = useState(false);
  return (
    <Section title="Prompt">
      <div className={styles['choice']}>
        <FieldRow label="Mode">
          <Select
            label="Mode"
            isLabelHidden
            choices={modes}
            value={mode}
            onChange={(next) => session.change({ mode: next })}
          />
        </FieldRow>
      </div>
      {mode === 'raw' ? (
        <Switch isSelected={addBos} onChange={(next) => session.change({ addBos: next })}>
          Begin token before the text
        </Switch>
      ) : (
        <>
          <TextField
            label="System prompt"
            lines={3}
            value={systemPrompt}
            onChange={(next) => session.change({ systemPrompt: next })}
          />
          <div className={styles['line']}>
            <span>{template === null ? 'Template of the model' : 'Template of your own'}</span>
            <Button kind="quiet" onPress={() => setTemplateOpen(true)}>
              Template…
            </Button>
          </div>
        </>
      )}
      {isTemplateOpen ? (
        <TemplateDialog session={session} modelPath={modelPath} onClose={() => setTemplateOpen(false)} />
      ) : null}
    </Section>
  );
}
