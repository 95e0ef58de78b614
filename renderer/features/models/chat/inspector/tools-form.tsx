// The tools the model may call: written here or imported; each with a JSON schema of its arguments and, if wanted, a mock answer.
import { useRef, useState } from 'react';
import type { Tool } from '../../../../../core/api/generation.ts';
import { readTools, toolProblem } from '../../../../../core/lib/conversations/tools.ts';
import { readSchema } from '../../../../../core/lib/json-schema/check.ts';
import { notify } from '../../../../app/notifications.ts';
import { Button, IconButton } from '../../../../ui/button.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { Section } from '../../../../ui/pane.tsx';
import { TextField } from '../../../../ui/text-field.tsx';
import { Trash2 } from 'lucide-react';
import type { ChatSession } from '../session/chat-session.ts';
import styles from './inspector.module.css';
import { useChatState } from '../session/use-chat-session.ts';

/** Files of tools are pages of text. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

const exampleSchema = `{
  "type": "object",
  "properties": {
    "city": { "type": "string" }
  },
  "required": ["city"],
  "additionalProperties": false
}`;

export function ToolsForm({ session }: { readonly session: ChatSession }) {
  const tools = useChatState(session, (state) => state.conversation.tools);
  const mockAnswers = useChatState(session, (state) => state.conversation.mockAnswers);
  const [edited, setEdited] = useState<Tool | 'new' | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const replace = (before: Tool | null, after: Tool | null, mock: string) => {
    const at = before ? tools.indexOf(before) : -1;
    const rest = at < 0 ? tools : tools.toSpliced(at, 1, ...(after ? [after] : []));
    const { [before?.name ?? '']: _old, ...mocks } = mockAnswers;
    session.change({
      tools: at < 0 && after ? [...tools, after] : rest,
      mockAnswers: after && mock !== '' ? { ...mocks, [after.name]: mock } : mocks,
    });
  };
  const remove = (tool: Tool) => {
    const kept = { tools, mockAnswers };
    replace(tool, null, '');
    notify({
      severity: 'info',
      title: `Tool ${tool.name} removed`,
      action: { label: 'Undo', perform: () => session.change(kept) },
    });
  };
  const importFile = async (chosen: File | undefined) => {
    if (!chosen) return;
    const read =
      chosen.size > MAX_FILE_BYTES
        ? { tools: [], problems: ['The file is larger than 4 MB'] }
        : readTools(await chosen.text());
    const names = new Set(read.tools.map(({ name }) => name));
    const known = session.store.getState().conversation.tools;
    if (read.tools.length > 0)
      session.change({ tools: [...known.filter(({ name }) => !names.has(name)), ...read.tools] });
    notify({
      severity: read.problems.length > 0 ? 'warning' : 'info',
      title: `${read.tools.length} ${read.tools.length === 1 ? 'tool' : 'tools'} imported from ${chosen.name}`,
      detail: read.problems.length > 0 ? read.problems.slice(0, 8).join('\n') : null,
    });
  };
  return (
    <Section title="Tools" aside={tools.length === 0 ? '' : String(tools.length)}>
      <ul className={styles['list']} aria-label="Tools">
        {tools.map((tool) => (
          <li key={tool.name} className={styles['item']}>
            <button
              type="button"
              className={`${styles['link']} ${styles['grow']}`}
              title={tool.description}
              onClick={() => setEdited(tool)}
            >
              {tool.name}
            </button>
            <span className={styles['note']}>
              {Object.hasOwn(mockAnswers, tool.name) ? 'mock answer' : 'asks you'}
            </span>
            <IconButton
              icon={Trash2}
              label={`Remove ${tool.name}`}
              size="small"
              onPress={() => remove(tool)}
            />
          </li>
        ))}
      </ul>
      <div className={styles['line']}>
        <Button onPress={() => setEdited('new')}>Add tool…</Button>
        <Button kind="quiet" onPress={() => file.current?.click()}>
          Import…
        </Button>
        <input
          ref={file}
          type="file"
          accept="application/json,.json"
          hidden
          aria-label="File of tools"
          onChange={(event) => {
            void importFile(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      {edited === null ? null : (
        <ToolDialog
          tool={edited === 'new' ? null : edited}
          mock={edited === 'new' ? '' : (mockAnswers[edited.name] ?? '')}
          taken={tools.filter((other) => other !== edited).map(({ name }) => name)}
          onClose={() => setEdited(null)}
          onKeep={(tool, mock) => {
            replace(edited === 'new' ? null : edited, tool, mock);
            setEdited(null);
          }}
        />
      )}
    </Section>
  );
}

function ToolDialog({
  tool,
  mock,
  taken,
  onClose,
  onKeep,
}: {
  readonly tool: Tool | null;
  readonly mock: string;
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onKeep: (tool: Tool, mock: string) => void;
}) {
  const [name, setName] = useState(tool?.name ?? '');
  const [description, setDescription] = useState(tool?.description ?? '');
  const [schema, setSchema] = useState(tool ? JSON.stringify(tool.parameters, null, 2) : exampleSchema);
  const [answer, setAnswer] = useState(mock);
  const read = readSchema(schema);
  const nameProblem = name === '' ? null : toolProblem({ name, parameters: { type: 'object' } });
  const parameterProblem = read.problem ?? toolProblem({ name: 'name', parameters: read.schema });
  const isTaken = taken.includes(name);
  const canKeep = name !== '' && nameProblem === null && parameterProblem === null && !isTaken;
  return (
    <Dialog
      title={tool ? `Tool ${tool.name}` : 'Add a tool'}
      isOpen
      width="wide"
      isDismissable={false}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={!canKeep}
            onPress={() => onKeep({ name, description, parameters: read.schema }, answer)}
          >
            {tool ? 'Keep' : 'Add'}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <TextField
          label="Name"
          mono
          autoFocus
          value={name}
          onChange={setName}
          placeholder="get_weather"
          error={isTaken ? 'There is a tool of this name' : nameProblem}
        />
        <TextField
          label="Description"
          value={description}
          onChange={setDescription}
          hint="What the model reads to decide whether to call it"
        />
        <TextField
          label="Arguments, as a JSON schema"
          mono
          lines={12}
          value={schema}
          onChange={setSchema}
          error={parameterProblem}
        />
        <TextField
          label="Mock answer"
          mono
          lines={3}
          value={answer}
          onChange={setAnswer}
          hint="Given without asking whenever it is called; empty asks you each time"
        />
      </div>
    </Dialog>
  );
}
