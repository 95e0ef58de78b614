// The server: where it is, how it is asked, which model, with which key; and a check that lists its models.
import { useState } from 'react';
import type { ServerCheck } from '../../../../core/api/judges.ts';
import { describeError } from '../../../app/describe-error.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Section } from '../../../ui/pane.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import type { ServerKey } from './server-key.ts';
import styles from './setup-form.module.css';
import type { JudgeSetup } from './use-setup.ts';

export function ServerSection({
  setup: own,
  server,
}: {
  readonly setup: JudgeSetup;
  readonly server: ServerKey;
}) {
  const { setup, change } = own;
  const client = useClient();
  const [checked, setChecked] = useState<{ readonly of: string; readonly result: ServerCheck } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const known = checked?.of === setup.baseUrl ? checked.result : null;
  const chosen = known?.models.find(({ id }) => id === setup.model);
  const context = own.draft?.sampling.context ?? null;
  const check = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const key = setup.usesKey && server.key !== '' ? server.key : null;
      const result = await client.judges.check({ baseUrl: setup.baseUrl, key });
      setChecked({ of: setup.baseUrl, result });
      const [first] = result.models;
      if (first && !result.models.some(({ id }) => id === setup.model)) change({ model: first.id });
    } catch (error) {
      setChecked(null);
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title="Server" aside="OpenAI-compatible: vLLM, llama.cpp, Ollama, LM Studio, a provider">
      <div className={styles['fields']}>
        <div className={styles['wide']}>
          <TextField
            label="Address"
            value={setup.baseUrl}
            onChange={(baseUrl) => change({ baseUrl })}
            onSubmit={() => void check()}
            mono
          />
          <Select
            label="Asked by"
            choices={[
              { id: 'chat', label: 'Chat', detail: '/chat/completions, one user message' },
              { id: 'completions', label: 'Completion', detail: '/completions, no chat template' },
            ]}
            value={setup.api}
            onChange={(api) => change({ api })}
          />
        </div>
        <div className={styles['wide']}>
          <TextField label="Model" value={setup.model} onChange={(model) => change({ model })} mono />
          {known !== null && known.models.length > 0 ? (
            <Select
              label="Models of the server"
              choices={known.models.map(({ id, context: size }) => ({
                id,
                label: id,
                ...(size === null ? {} : { detail: `context ${formatInteger(size)} tokens` }),
              }))}
              value={chosen?.id ?? null}
              onChange={(model) => change({ model })}
            />
          ) : null}
        </div>
        <div className={styles['line']}>
          <Button isPending={isBusy} isDisabled={isBusy} onPress={() => void check()}>
            Check
          </Button>
          <Checkbox isSelected={setup.usesKey} onChange={(usesKey) => change({ usesKey })}>
            Needs a key
          </Checkbox>
          {known === null ? null : (
            <span className={styles['good']} role="status">
              {formatQuantity(known.models.length, 'model')}, answered in {formatInteger(known.milliseconds)}{' '}
              ms
            </span>
          )}
        </div>
        {chosen !== undefined && chosen.context !== null && context !== null && chosen.context < context ? (
          <div className={styles['line']}>
            <p className={styles['problem']}>
              This model has a context of {formatInteger(chosen.context)} tokens; prompts are cut to{' '}
              {formatInteger(context)}
            </p>
            <Button
              onPress={() => {
                const { draft } = own;
                if (draft === null) return;
                change({ draft: { ...draft, sampling: { ...draft.sampling, context: chosen.context } } });
              }}
            >
              Cut to {formatInteger(chosen.context)}
            </Button>
          </div>
        ) : null}
        {setup.usesKey ? (
          <TextField
            label="Key"
            isSecret
            value={server.key}
            onChange={server.set}
            onBlur={() => void server.keep().catch(setFailure)}
            hint={
              server.place === 'keychain'
                ? "Kept in this computer's keychain, never in the workspace"
                : 'Kept only until this page is closed: a browser has no keychain. Never written to the workspace'
            }
          />
        ) : null}
        {failure === null ? null : <ErrorState {...describeError(failure)} compact />}
      </div>
    </Section>
  );
}
