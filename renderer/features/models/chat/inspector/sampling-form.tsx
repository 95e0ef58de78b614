// How the next tokens are chosen: every sampler in a dense form; what is off says so. Saved with the conversation.
import { useState } from 'react';
import type { Sampling } from '../../../../../core/api/generation.ts';
import { FieldRow } from '../../../../ui/field-row.tsx';
import { NumberField } from '../../../../ui/number-field.tsx';
import { Section } from '../../../../ui/pane.tsx';
import { TextField } from '../../../../ui/text-field.tsx';
import type { ChatSession } from '../session/chat-session.ts';
import styles from './inspector.module.css';
import { biasText, readBiases, readStopTexts, stopTextsText } from './sampling-text.ts';
import { useChatState } from '../session/use-chat-session.ts';

type NumberName = {
  [Name in keyof Sampling]: Sampling[Name] extends number ? Name : never;
}[keyof Sampling];

interface SamplingField {
  readonly name: NumberName;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** The value at which the sampler does nothing. */
  readonly off?: number;
  readonly unit?: string;
}

const mainFields: readonly SamplingField[] = [
  { name: 'temperature', label: 'Temperature', min: 0, max: 5, step: 0.1, unit: '0 greedy' },
  { name: 'topK', label: 'Top k', min: 0, max: 1000, off: 0 },
  { name: 'topP', label: 'Top p', min: 0, max: 1, step: 0.05, off: 1 },
  { name: 'minP', label: 'Min p', min: 0, max: 1, step: 0.01, off: 0 },
  { name: 'repeatPenalty', label: 'Repeat penalty', min: 0.5, max: 2, step: 0.05, off: 1 },
  { name: 'maxTokens', label: 'Max tokens', min: 1, max: 131_072 },
];

const moreFields: readonly SamplingField[] = [
  { name: 'frequencyPenalty', label: 'Frequency penalty', min: -2, max: 2, step: 0.1, off: 0 },
  { name: 'presencePenalty', label: 'Presence penalty', min: -2, max: 2, step: 0.1, off: 0 },
  { name: 'penaltyTokens', label: 'Penalties look back', min: 0, max: 131_072, unit: 'tokens' },
  { name: 'xtcProbability', label: 'XTC probability', min: 0, max: 1, step: 0.05, off: 0 },
  { name: 'xtcThreshold', label: 'XTC threshold', min: 0, max: 1, step: 0.05 },
  { name: 'dryStrength', label: 'DRY strength', min: 0, max: 10, step: 0.1, off: 0 },
  { name: 'dryBase', label: 'DRY base', min: 1, max: 10, step: 0.05 },
  { name: 'dryAllowedLength', label: 'DRY allowed length', min: 1, max: 1000, unit: 'tokens' },
];

export function SamplingForm({ session }: { readonly session: ChatSession }) {
  const sampling = useChatState(session, (state) => state.conversation.sampling);
  const topTokens = useChatState(session, (state) => state.conversation.topTokens);
  const set = (change: Partial<Sampling>) =>
    session.change({ sampling: { ...session.store.getState().conversation.sampling, ...change } });
  const usesMore = moreFields.some(({ name, off }) => off !== undefined && sampling[name] !== off);
  const [showsMore, setShowsMore] = useState(
    usesMore || sampling.tokenBias.length > 0 || sampling.stopTexts.length > 0,
  );
  const row = (field: SamplingField) => (
    <FieldRow
      key={field.name}
      label={field.label}
      unit={
        field.unit ??
        (field.off === undefined ? '' : sampling[field.name] === field.off ? 'off' : `${field.off} is off`)
      }
    >
      <NumberField
        label={field.label}
        isLabelHidden
        value={sampling[field.name]}
        min={field.min}
        max={field.max}
        {...(field.step === undefined ? {} : { step: field.step })}
        onChange={(value) => {
          if (value !== null) set({ [field.name]: value });
        }}
      />
    </FieldRow>
  );
  return (
    <Section
      title="Sampling"
      aside={
        <button type="button" className={styles['link']} onClick={() => setShowsMore(!showsMore)}>
          {showsMore ? 'Fewer' : 'All samplers'}
        </button>
      }
    >
      {mainFields.map(row)}
      <FieldRow label="Seed" unit={sampling.seed === null ? 'each time' : 'fixed'}>
        <NumberField
          label="Seed"
          isLabelHidden
          value={sampling.seed}
          min={0}
          max={4_294_967_294}
          placeholder="drawn"
          onChange={(seed) => set({ seed })}
        />
      </FieldRow>
      <FieldRow label="Token details" unit={topTokens === 0 ? 'off' : 'likeliest'}>
        <NumberField
          label="Token details"
          isLabelHidden
          value={topTokens}
          min={0}
          max={20}
          onChange={(value) => {
            if (value !== null) session.change({ topTokens: value });
          }}
        />
      </FieldRow>
      {showsMore ? (
        <>
          {moreFields.map(row)}
          <StopTexts sampling={sampling} onChange={set} />
          <Biases sampling={sampling} onChange={set} />
        </>
      ) : null}
    </Section>
  );
}

interface PartProps {
  readonly sampling: Sampling;
  readonly onChange: (change: Partial<Sampling>) => void;
}

function StopTexts({ sampling, onChange }: PartProps) {
  const [text, setText] = useState<string | null>(null);
  return (
    <TextField
      label="Stop texts"
      lines={2}
      mono
      hint="One a line; \n stands for a line break"
      value={text ?? stopTextsText(sampling.stopTexts)}
      onChange={setText}
      onBlur={() => {
        if (text !== null) onChange({ stopTexts: readStopTexts(text) });
        setText(null);
      }}
    />
  );
}

function Biases({ sampling, onChange }: PartProps) {
  const [text, setText] = useState<string | null>(null);
  const read = text === null ? null : readBiases(text);
  return (
    <TextField
      label="Token bias"
      lines={2}
      mono
      hint='One a line: "text" or id, then what is added to its logit; -100 forbids it'
      error={read?.problem ?? null}
      value={text ?? biasText(sampling.tokenBias)}
      onChange={setText}
      onBlur={() => {
        if (read === null || read.problem !== null) return;
        onChange({ tokenBias: [...read.biases] });
        setText(null);
      }}
    />
  );
}
