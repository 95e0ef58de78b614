// "What it means": the numbers that follow from the open config, live, each with its reason when it cannot be known.
// Draws a finished check; computes nothing itself.
import { useStore } from 'zustand';
import type { Derived, DerivedField } from '../../../../core/lib/config/derived/derived-types.ts';
import { FLOPS_CONVENTION_LABELS, type FlopsConvention } from '../../../../core/lib/config/derived/flops.ts';
import { assertNever } from '../../../../core/lib/assert-never.ts';
import type { PaneProps } from '../../../app/feature.ts';
import {
  formatCount,
  formatDiskSize,
  formatHours,
  formatInteger,
  formatMemorySize,
} from '../../../ui/format.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { useOpenState } from '../documents/open-buffers.ts';
import { derivedAsMarkdown } from './as-markdown.ts';
import { DataMixBars } from './data-mix.tsx';
import { EstimateControls } from './estimate-controls.tsx';
import { FigureRow } from './figure-row.tsx';
import { type Figure, jumpToFigure } from './jump.ts';
import { LearningRatePlot } from './learning-rate-plot.tsx';
import styles from './meaning.module.css';
import { MemoryBar } from './memory-bar.tsx';
import { type Estimate, useEstimate } from './use-estimate.ts';

export function Inspector({ argument }: PaneProps) {
  const open = useOpenState(argument);
  const estimate = useEstimate();
  return (
    <Pane
      header={
        <PaneHeader
          title="What it means"
          actions={open?.kind === 'ready' ? <CopyNumbers buffer={open.buffer} estimate={estimate} /> : null}
        />
      }
    >
      {open === undefined || open.kind === 'loading' ? (
        <Skeleton label="Loading the numbers" />
      ) : open.kind === 'ready' ? (
        <Meaning buffer={open.buffer} estimate={estimate} />
      ) : null}
    </Pane>
  );
}

function CopyNumbers({ buffer, estimate }: { readonly buffer: ConfigBuffer; readonly estimate: Estimate }) {
  const derived = useStore(buffer.state, (state) => state.checked?.derived ?? null);
  if (derived === null) return null;
  const { mfuPercent, convention, gpu } = estimate;
  const text = derivedAsMarkdown(derived, { gpuName: gpu.name, mfuPercent, convention });
  return <CopyButton text={text} label="Copy the numbers as Markdown" iconOnly />;
}

function Meaning({ buffer, estimate }: { readonly buffer: ConfigBuffer; readonly estimate: Estimate }) {
  const checked = useStore(buffer.state, (state) => state.checked);
  if (buffer.plain) return <p className={styles['quiet']}>The file is too large to be checked</p>;
  if (checked === null) return <Skeleton label="Working out the numbers" />;
  const { derived, kind } = checked;
  if (derived === null) return <p className={styles['quiet']}>{noNumbers(kind)}</p>;
  const jump = (figure: Figure) => () => void jumpToFigure(buffer, kind, figure);
  return (
    <div data-testid="derived">
      <Parameters derived={derived} onJump={jump('parameters')} />
      <EstimateControls estimate={estimate} neededGpus={derived.worldSize} />
      <Figures derived={derived} estimate={estimate} jump={jump} />
      <Memory derived={derived} estimate={estimate} onJump={jump('memory')} />
      <Section title={<JumpTitle text="Learning rate" onJump={jump('learningRate')} />}>
        {derived.learningRate === null ? (
          <Unknown derived={derived} field="learningRate" />
        ) : (
          <LearningRatePlot figures={derived.learningRate} tokensPerStep={derived.tokensPerStep} />
        )}
      </Section>
      {kind === 'nanotron' ? (
        <Section title={<JumpTitle text="Effective data mix" onJump={jump('dataMix')} />}>
          {derived.dataMix === null ? (
            <Unknown derived={derived} field="dataMix" />
          ) : (
            <DataMixBars mix={derived.dataMix} />
          )}
        </Section>
      ) : null}
    </div>
  );
}

function Parameters({ derived, onJump }: { readonly derived: Derived; readonly onJump: () => void }) {
  const { parameters, embeddingParameters } = derived;
  return (
    <button type="button" className={styles['headline']} onClick={onJump}>
      {parameters === null ? (
        <span className={styles['quietLine']}>
          Parameters not known: {derived.reasons.parameters ?? 'the model is not described'}
        </span>
      ) : (
        <>
          <span className={styles['big']} title={`${formatInteger(parameters)} parameters`}>
            {formatCount(parameters)}
          </span>
          <span className={styles['quietLine']}>
            parameters
            {embeddingParameters === null
              ? null
              : ` · ${formatCount(embeddingParameters)} of them embeddings`}
          </span>
          <span className={styles['exact']} data-testid="parameters">
            {formatInteger(parameters)}
          </span>
        </>
      )}
    </button>
  );
}

function Figures({
  derived,
  estimate,
  jump,
}: {
  readonly derived: Derived;
  readonly estimate: Estimate;
  readonly jump: (figure: Figure) => () => void;
}) {
  const { reasons, speed, checkpoints } = derived;
  const flops = derived.flopsPerTokenByConvention?.[estimate.convention] ?? null;
  const ceiling = derived.tokensPerStepIsCeiling ? 'at most ' : '';
  return (
    <dl className={styles['figures']}>
      <FigureRow
        name="Tokens per step"
        value={derived.tokensPerStep === null ? null : `${ceiling}${formatInteger(derived.tokensPerStep)}`}
        title={batchTitle(derived)}
        reason={reasons.tokensPerStep}
        onJump={jump('tokensPerStep')}
      />
      <FigureRow
        name="Total tokens"
        value={derived.totalTokens === null ? null : formatCount(derived.totalTokens)}
        title={exactTitle(derived.totalTokens, 'tokens')}
        reason={reasons.totalTokens}
        onJump={jump('totalTokens')}
      />
      <FigureRow
        name="Tokens per parameter"
        value={derived.tokensPerParameter === null ? null : formatRatio(derived.tokensPerParameter)}
        reason={reasons.tokensPerParameter}
        onJump={jump('totalTokens')}
      />
      <FigureRow
        name="FLOPs per token"
        value={flops === null ? null : formatFlops(flops)}
        title={exactTitle(flops, 'FLOPs')}
        reason={reasons.flopsPerTokenByConvention ?? reasons.flopsPerToken}
        aside={<ConventionSelect estimate={estimate} />}
        onJump={jump('flops')}
      />
      <FigureRow
        name={speed === null ? 'Time' : `Time on ${formatInteger(speed.gpus)} GPUs`}
        value={speed === null ? null : formatHours(speed.days * 24)}
        title={
          speed === null
            ? undefined
            : `${formatCount(speed.tokensPerSecondPerGpu)} tokens/s per GPU, estimated`
        }
        reason={reasons.speed}
        onJump={jump('gpus')}
      />
      <FigureRow
        name="GPU-hours"
        value={speed === null ? null : formatInteger(speed.gpuHours)}
        title="Estimated"
        reason={reasons.speed}
        onJump={jump('gpus')}
      />
      <FigureRow
        name="Checkpoints"
        value={
          checkpoints === null
            ? null
            : `${formatInteger(checkpoints.count)} × ${formatDiskSize(checkpoints.sizeBytes)} = ${formatDiskSize(checkpoints.totalBytes)}`
        }
        title={
          derived.checkpointIntervalHours === null
            ? undefined
            : `One every ${formatHours(derived.checkpointIntervalHours)}, estimated`
        }
        reason={reasons.checkpoints}
        onJump={jump('checkpoints')}
      />
    </dl>
  );
}

const conventions: readonly { readonly id: FlopsConvention; readonly name: string }[] = [
  { id: 'nanotron', name: 'Nanotron' },
  { id: 'causal-half', name: 'causal half' },
  { id: 'six-n', name: '6 × parameters' },
];

function conventionOf(id: string): FlopsConvention {
  return conventions.find((convention) => convention.id === id)?.id ?? 'nanotron';
}

function ConventionSelect({ estimate }: { readonly estimate: Estimate }) {
  return (
    <select
      className={styles['convention']}
      aria-label="Convention of FLOPs per token"
      title={`Convention: ${FLOPS_CONVENTION_LABELS[estimate.convention]}`}
      value={estimate.convention}
      onChange={(event) => estimate.setConvention(conventionOf(event.target.value))}
    >
      {conventions.map(({ id, name }) => (
        <option key={id} value={id} title={FLOPS_CONVENTION_LABELS[id]}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Memory({
  derived,
  estimate,
  onJump,
}: {
  readonly derived: Derived;
  readonly estimate: Estimate;
  readonly onJump: () => void;
}) {
  const memory = derived.memoryPerGpuBytes;
  const aside =
    memory === null
      ? null
      : `${formatMemorySize(memory.total)} of ${formatMemorySize(estimate.gpu.memoryBytes)}, estimated`;
  return (
    <Section title={<JumpTitle text="Memory per GPU" onJump={onJump} />} aside={aside}>
      {memory === null ? (
        <Unknown derived={derived} field="memoryPerGpuBytes" />
      ) : (
        <MemoryBar memory={memory} capacityBytes={estimate.gpu.memoryBytes} />
      )}
    </Section>
  );
}

function JumpTitle({ text, onJump }: { readonly text: string; readonly onJump: () => void }) {
  return (
    <button type="button" className={styles['jump']} onClick={onJump}>
      {text}
    </button>
  );
}

function Unknown({ derived, field }: { readonly derived: Derived; readonly field: DerivedField }) {
  return (
    <p className={styles['note']}>Not known: {derived.reasons[field] ?? 'the config does not say enough'}</p>
  );
}

function noNumbers(kind: 'studio' | 'unknown' | 'nanotron' | 'trl-sft' | 'trl-dpo' | 'axolotl-sft'): string {
  switch (kind) {
    case 'studio':
      return 'The workspace file names targets, datasets and models; no numbers follow from it';
    case 'unknown':
      return 'Not a config the studio knows: it can be edited as plain YAML';
    case 'nanotron':
    case 'trl-sft':
    case 'trl-dpo':
    case 'axolotl-sft':
      return 'No numbers follow from what the config says so far';
    default:
      return assertNever(kind);
  }
}

function batchTitle({ globalBatchSequences }: Derived): string | undefined {
  return globalBatchSequences === null
    ? undefined
    : `Global batch: ${formatInteger(globalBatchSequences)} sequences`;
}

function exactTitle(value: number | null, unit: string): string | undefined {
  return value === null ? undefined : `${formatInteger(value)} ${unit}`;
}

/** `4.136e9`: four digits, as people write FLOPs. */
function formatFlops(value: number): string {
  return value.toExponential(3).replace('e+', 'e');
}

/** Tokens per parameter: whole from 100 on, where fractions say nothing. */
function formatRatio(value: number): string {
  return value >= 100 ? formatInteger(value) : formatCount(value);
}
