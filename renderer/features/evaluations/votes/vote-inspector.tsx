// What a vote compares, how both were asked, and who did how much. Says nothing about who leads.
import type { VoteSide } from '../../../../core/lib/votes/vote.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { formatDateTime, formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader, PaneHint, Section } from '../../../ui/pane.tsx';
import { type Property, PropertyList } from '../../../ui/property-list.tsx';
import { useVote } from './use-votes.ts';

export function VoteInspector({ name }: PaneProps & { readonly name: string | null }) {
  return (
    <Pane header={<PaneHeader title="Vote" />}>
      {name === null ? (
        <PaneHint>Choose a vote: what it compares, how both were asked, and who voted</PaneHint>
      ) : (
        <Facts name={name} />
      )}
    </Pane>
  );
}

function Facts({ name }: { readonly name: string }) {
  const { data } = useVote(name);
  if (!data) return null;
  const { sides, progress, seed, createdMs, source } = data;
  return (
    <>
      <Section title="Vote">
        <PropertyList
          properties={[
            { name: 'Items', value: formatInteger(progress.items) },
            { name: 'Prompts', value: source === null ? 'typed' : `suite ${source}` },
            { name: 'Order', value: `shuffled, seed ${seed}` },
            { name: 'Made', value: formatDateTime(createdMs) },
          ]}
        />
      </Section>
      {sides.map((side) => (
        <Section key={`${side.label} ${side.modelKey}`} title={side.label}>
          <PropertyList properties={sideFacts(side)} />
        </Section>
      ))}
      <Section title="Voters">
        <PropertyList
          properties={progress.voters.map((one) => ({
            name: one.voter,
            value: [
              formatQuantity(one.decided, 'choice'),
              ...(one.skipped > 0 ? [`${formatInteger(one.skipped)} skipped`] : []),
              ...(one.brokenLines > 0 ? [formatQuantity(one.brokenLines, 'broken line')] : []),
            ].join(', '),
          }))}
        />
      </Section>
    </>
  );
}

function sideFacts({
  modelPath,
  quantization,
  sampling,
  mode,
  systemPrompt,
  modelKey,
}: VoteSide): Property[] {
  return [
    { name: 'File', value: modelPath, title: modelKey },
    { name: 'Type', value: quantization ?? '–' },
    {
      name: 'Sampling',
      value:
        sampling.temperature === 0
          ? 'greedy'
          : `temperature ${sampling.temperature}, seed ${sampling.seed ?? 'drawn anew'}`,
    },
    { name: 'Max tokens', value: formatInteger(sampling.maxTokens) },
    { name: 'Mode', value: mode === 'raw' ? 'raw completion' : 'chat template' },
    ...(systemPrompt === '' ? [] : [{ name: 'System prompt', value: systemPrompt }]),
  ];
}
