// What seldom changes about a run's numbers: batch, data stages, and how many bytes a token stands for, which a person may say.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunFacts } from '../../../../core/api/run-facts.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { stageAt } from '../../../../core/lib/derived/run-numbers.ts';
import { notifyError } from '../../../app/notifications.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { formatCount, formatInteger } from '../../../ui/format.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { Section } from '../../../ui/pane.tsx';
import { type Property, PropertyList } from '../../../ui/property-list.tsx';
import { useRunFacts } from '../numbers-strip.tsx';

/** Draws nothing for a run whose config says nothing about it. */
export function RunBatch({ run }: { readonly run: Run }) {
  const facts = useRunFacts(run);
  const [isAsking, setAsking] = useState(false);
  if (facts === null || facts.tool === null) return null;
  return (
    <Section title="Batch and data">
      <PropertyList properties={properties(facts, run.latestStep ?? 0)} />
      <Button kind="quiet" onPress={() => setAsking(true)}>
        Bytes a token…
      </Button>
      {isAsking ? <BytesDialog run={run} facts={facts} onClose={() => setAsking(false)} /> : null}
    </Section>
  );
}

function properties(facts: RunFacts, step: number): readonly Property[] {
  const { sequencesPerStep, tokensPerStep, tokensPerStepIsCeiling, gpus, bytesPerToken, tokenizer } = facts;
  const stage = stageAt(facts, step);
  return [
    ...(sequencesPerStep === null
      ? []
      : [{ name: 'Sequences a step', value: formatInteger(sequencesPerStep) }]),
    ...(tokensPerStep === null
      ? []
      : [
          {
            name: 'Tokens a step',
            value: `${tokensPerStepIsCeiling ? 'at most ' : ''}${formatCount(tokensPerStep)}`,
          },
        ]),
    ...(gpus === null
      ? []
      : [{ name: 'GPUs', value: `${formatInteger(gpus)}${facts.gpu ? ` × ${facts.gpu.name}` : ''}` }]),
    ...(stage === null
      ? []
      : [{ name: 'Data stage', value: `${stage.name} (${stage.index + 1} of ${stage.count})` }]),
    ...(tokenizer === null ? [] : [{ name: 'Tokenizer', value: tokenizer }]),
    ...(bytesPerToken === null
      ? []
      : [{ name: 'Bytes a token', value: `${bytesPerToken.value}, ${bytesPerToken.source}` }]),
  ];
}

function BytesDialog({
  run,
  facts,
  onClose,
}: {
  readonly run: Run;
  readonly facts: RunFacts;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const [value, setValue] = useState<number | null>(facts.bytesPerToken?.value ?? null);
  const save = async () => {
    try {
      queries.setQueryData(
        queryKeys.runFacts(run.id),
        await client.monitor.setBytesPerToken({ id: run.id, value }),
      );
      onClose();
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Dialog
      title="Bytes a token"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" onPress={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      <NumberField
        label="Bytes of text a token stands for, on average"
        value={value}
        onChange={setValue}
        min={0.1}
        max={100}
        hint="UTF-8 bytes of the training text ÷ its tokens. The loss in bits a byte is comparable between tokenizers"
      />
    </Dialog>
  );
}
