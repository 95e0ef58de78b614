// The settings of the chosen column; what is changed counts from the next answer on.
import type { PaneProps } from '../../../app/feature.ts';
import type { Sampling } from '../../../../core/api/generation.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useChosenColumn } from './chosen-column.ts';
import type { ColumnSettings } from './compare-state.ts';
import styles from './compare.module.css';
import { columnTitle } from './column-title.ts';
import { useCompare, useCompareSession, useModels } from './use-compare.ts';

interface Field {
  readonly key: 'temperature' | 'topK' | 'topP' | 'minP' | 'repeatPenalty' | 'maxTokens';
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const fields: readonly Field[] = [
  { key: 'temperature', label: 'Temperature', min: 0, max: 5, step: 0.1 },
  { key: 'topK', label: 'Top k', min: 0, max: 100_000, step: 1 },
  { key: 'topP', label: 'Top p', min: 0, max: 1, step: 0.05 },
  { key: 'minP', label: 'Min p', min: 0, max: 1, step: 0.01 },
  { key: 'repeatPenalty', label: 'Repeat penalty', min: 0.5, max: 2, step: 0.05 },
  { key: 'maxTokens', label: 'Max tokens', min: 1, max: 131_072, step: 1 },
];

export function CompareInspector({ argument, query }: PaneProps) {
  const session = useCompareSession(argument ?? '', query);
  const columns = useCompare(session, (state) => state.columns);
  const isBusy = useCompare(session, (state) => state.isBusy);
  const models = useModels();
  const [chosen] = useChosenColumn(session);
  const column = columns.find(({ id }) => id === chosen);
  if (column === undefined) return null;
  const { title } = columnTitle(column, models.data?.find(({ path }) => path === column.modelPath) ?? null);
  const change = (next: Partial<ColumnSettings>) => session.change(column.id, next);
  const sample = (next: Partial<Sampling>) => change({ sampling: { ...column.sampling, ...next } });
  const choices = (models.data ?? []).filter(({ problem }) => problem === null);
  return (
    <Pane header={<PaneHeader title="Column" detail={title} />}>
      <Section title="Model">
        <div className={styles['form']}>
          <Select
            label="Model"
            isLabelHidden
            choices={choices.map((model) => ({
              id: model.path,
              label: model.path.split('/').slice(-2).join('/'),
              detail: [model.name, model.quantization].filter(Boolean).join(' · '),
            }))}
            value={column.modelPath}
            onChange={(modelPath) => change({ modelPath })}
            isDisabled={isBusy}
          />
          <Select
            label="Mode"
            choices={[
              { id: 'chat', label: 'Chat', detail: 'with the chat template' },
              { id: 'raw', label: 'Raw completion', detail: 'goes on with the text, no template' },
            ]}
            value={column.mode}
            onChange={(mode) => change({ mode })}
            isDisabled={isBusy}
          />
        </div>
      </Section>
      <Section title="Sampling">
        <div className={styles['pairs']}>
          {fields.map(({ key, label, min, max, step }) => (
            <NumberField
              key={key}
              label={label}
              value={column.sampling[key]}
              min={min}
              max={max}
              step={step}
              onChange={(value) => {
                if (value !== null) sample({ [key]: value });
              }}
            />
          ))}
          <NumberField
            label="Seed"
            value={column.sampling.seed}
            min={0}
            step={1}
            placeholder="drawn anew"
            onChange={(seed) => sample({ seed })}
          />
        </div>
      </Section>
      <Section title="Prompt">
        <div className={styles['form']}>
          <TextField
            label="System prompt"
            value={column.systemPrompt}
            onChange={(systemPrompt) => change({ systemPrompt })}
            lines={3}
            isDisabled={column.mode === 'raw'}
          />
          <Checkbox
            isSelected={column.template !== null}
            onChange={(isOwn) => change({ template: isOwn ? (column.template ?? '') : null })}
            isDisabled={column.mode === 'raw'}
          >
            Another chat template
          </Checkbox>
          {column.template === null ? null : (
            <TextField
              label="Template (Jinja)"
              value={column.template}
              onChange={(template) => change({ template })}
              lines={8}
              mono
            />
          )}
        </div>
      </Section>
      <Section title="Sampling and prompt">
        <div className={styles['form']}>
          <Button isDisabled={isBusy || columns.length < 2} onPress={() => session.applyToAll(column.id)}>
            Apply to all columns
          </Button>
        </div>
      </Section>
    </Pane>
  );
}
