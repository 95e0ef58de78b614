// Sampling settings and the system prompt of one conversation; saved with it.
import type { Sampling } from '../../../../core/api/generation.ts';
import { FieldRow } from '../../../ui/field-row.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Section } from '../../../ui/pane.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import type { ChatSession } from './chat-session.ts';
import { useChatState } from './use-chat-session.ts';

interface SamplingField {
  readonly name: 'temperature' | 'topK' | 'topP' | 'minP' | 'repeatPenalty' | 'maxTokens';
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly unit?: string;
}

const fields: readonly SamplingField[] = [
  { name: 'temperature', label: 'Temperature', min: 0, max: 5, step: 0.1 },
  { name: 'topK', label: 'Top k', min: 0, max: 1000, unit: '0 off' },
  { name: 'topP', label: 'Top p', min: 0, max: 1, step: 0.05 },
  { name: 'minP', label: 'Min p', min: 0, max: 1, step: 0.01 },
  { name: 'repeatPenalty', label: 'Repeat penalty', min: 0.5, max: 2, step: 0.05, unit: '1 off' },
  { name: 'maxTokens', label: 'Max tokens', min: 1, max: 131_072 },
];

const modes = [
  { id: 'chat', label: 'Chat', detail: 'With the model’s own template' },
  { id: 'raw', label: 'Raw completion', detail: 'No template: the text goes on' },
] as const;

export function SamplingForm({ session }: { readonly session: ChatSession }) {
  const { sampling, systemPrompt, mode } = useChatState(session, (state) => state.conversation);
  const set = (change: Partial<Sampling>) => session.change({ sampling: { ...sampling, ...change } });
  return (
    <Section title="Sampling">
      {fields.map(({ name, label, min, max, step, unit }) => (
        <FieldRow key={name} label={label} unit={unit ?? ''}>
          <NumberField
            label={label}
            isLabelHidden
            value={sampling[name]}
            min={min}
            max={max}
            {...(step === undefined ? {} : { step })}
            onChange={(value) => {
              if (value !== null) set({ [name]: value });
            }}
          />
        </FieldRow>
      ))}
      <FieldRow label="Seed">
        <NumberField
          label="Seed"
          isLabelHidden
          value={sampling.seed}
          min={0}
          placeholder="random"
          onChange={(seed) => set({ seed })}
        />
      </FieldRow>
      <FieldRow label="Mode">
        <Select
          label="Mode"
          isLabelHidden
          choices={modes}
          value={mode}
          onChange={(next) => session.change({ mode: next })}
        />
      </FieldRow>
      {mode === 'chat' ? (
        <TextField
          label="System prompt"
          lines={3}
          value={systemPrompt}
          onChange={(next) => session.change({ systemPrompt: next })}
        />
      ) : null}
    </Section>
  );
}
