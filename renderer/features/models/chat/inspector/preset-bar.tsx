// Presets of the model: choose one, save what the conversation says, rename, delete, make one the default.
import { useQuery } from '@tanstack/react-query';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { renamedPreset, withoutPreset, withPreset } from '../../../../../core/lib/conversations/presets.ts';
import { describeError } from '../../../../app/describe-error.ts';
import { notify, notifyError } from '../../../../app/notifications.ts';
import { queryKeys } from '../../../../app/query-keys.ts';
import { useClient } from '../../../../app/session.ts';
import { Button } from '../../../../ui/button.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { Menu } from '../../../../ui/menu.tsx';
import { Section } from '../../../../ui/pane.tsx';
import { Select } from '../../../../ui/select.tsx';
import { TextField } from '../../../../ui/text-field.tsx';
import type { ChatSession } from '../session/chat-session.ts';
import styles from './inspector.module.css';
import { matchingPreset, presetFrom, presetPath, type PresetsInUse, usePresets } from './presets.ts';
import { useChatState } from '../session/use-chat-session.ts';

export function PresetBar({
  session,
  modelPath,
}: {
  readonly session: ChatSession;
  readonly modelPath: string;
}) {
  const client = useClient();
  const model = useQuery({
    queryKey: queryKeys.model(modelPath),
    queryFn: () => client.models.inspect({ path: modelPath }),
  });
  const presets = usePresets(model.data ? presetPath(model.data) : null);
  if (!presets) return null;
  if (presets.problem)
    return (
      <Section title="Preset">
        <p className={styles['problem']}>{describeError(presets.problem).title}</p>
      </Section>
    );
  return <LoadedPresets session={session} presets={presets} />;
}

function LoadedPresets({
  session,
  presets,
}: {
  readonly session: ChatSession;
  readonly presets: PresetsInUse;
}) {
  const conversation = useChatState(session, (state) => state.conversation);
  const [naming, setNaming] = useState<{ readonly from: string | null; readonly name: string } | null>(null);
  const { file } = presets;
  const current = matchingPreset(conversation, file);
  const update: PresetsInUse['update'] = async (change) => {
    try {
      await presets.update(change);
    } catch (error) {
      notifyError(error);
    }
  };
  const choose = (name: string) => {
    const preset = file.presets.find((one) => one.name === name);
    if (!preset) return;
    const { name: _name, ...settings } = preset;
    session.change(settings);
  };
  const finish = () => {
    if (!naming) return;
    const name = naming.name.trim();
    if (name === '') return;
    const { from } = naming;
    setNaming(null);
    void update((known) =>
      from === null ? withPreset(known, presetFrom(conversation, name)) : renamedPreset(known, from, name),
    );
  };
  const remove = (name: string) => {
    const kept = file;
    void update((known) => withoutPreset(known, name));
    notify({
      severity: 'info',
      title: `Preset “${name}” deleted`,
      action: {
        label: 'Undo',
        perform: () => {
          const gone = kept.presets.find((one) => one.name === name);
          return gone
            ? update((known) => ({ ...withPreset(known, gone), default: known.default ?? kept.default }))
            : undefined;
        },
      },
    });
  };
  return (
    <Section title="Preset" aside={file.default === null ? '' : `new ones: ${file.default}`}>
      <div className={styles['presets']}>
        <Select
          label="Preset"
          isLabelHidden
          placeholder={file.presets.length === 0 ? 'None saved yet' : 'Changed'}
          isDisabled={file.presets.length === 0}
          choices={file.presets.map(({ name, sampling }) => ({
            id: name,
            label: name === file.default ? `${name} (default)` : name,
            detail: `temperature ${sampling.temperature}, top p ${sampling.topP}`,
          }))}
          value={current}
          onChange={choose}
        />
        <Menu
          label="Presets"
          icon={Ellipsis}
          groups={[
            [
              {
                id: 'save',
                label: 'Save as preset…',
                detail: `In ${presets.path}`,
                perform: () => setNaming({ from: null, name: current ?? '' }),
              },
            ],
            current === null
              ? []
              : [
                  {
                    id: 'default',
                    label: 'New conversations begin with it',
                    isOn: file.default === current,
                    perform: () =>
                      void update((known) => ({
                        ...known,
                        default: known.default === current ? null : current,
                      })),
                  },
                  {
                    id: 'rename',
                    label: 'Rename…',
                    perform: () => setNaming({ from: current, name: current }),
                  },
                  { id: 'delete', label: 'Delete', isDanger: true, perform: () => remove(current) },
                ],
          ].filter((group) => group.length > 0)}
        />
      </div>
      {naming ? (
        <Dialog
          title={naming.from === null ? 'Save as preset' : 'Rename preset'}
          isOpen
          onClose={() => setNaming(null)}
          actions={
            <>
              <Button onPress={() => setNaming(null)}>Cancel</Button>
              <Button kind="primary" isDisabled={naming.name.trim() === ''} onPress={finish}>
                {naming.from === null ? 'Save' : 'Rename'}
              </Button>
            </>
          }
        >
          <TextField
            label="Name"
            autoFocus
            value={naming.name}
            onChange={(name) => setNaming({ ...naming, name })}
            onSubmit={finish}
            hint={
              naming.from === null
                ? 'Sampling, system prompt, template, context and threads, for all checkpoints and quantizations of this model'
                : ''
            }
            error={
              naming.from !== null &&
              naming.name.trim() !== naming.from &&
              file.presets.some(({ name }) => name === naming.name.trim())
                ? 'There is one of this name'
                : null
            }
          />
          {naming.from === null && file.presets.some(({ name }) => name === naming.name.trim()) ? (
            <p className={styles['note']}>The preset of this name is replaced</p>
          ) : null}
        </Dialog>
      ) : null}
    </Section>
  );
}
