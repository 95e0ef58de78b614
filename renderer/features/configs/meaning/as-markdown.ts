// The derived numbers as a Markdown table with exact values, to be pasted in a paper or a chat. Pure.
import type { Derived } from '../../../../core/lib/config/derived/derived-types.ts';
import { FLOPS_CONVENTION_LABELS, type FlopsConvention } from '../../../../core/lib/config/derived/flops.ts';
import { formatHours, formatInteger, formatMemorySize, formatRate } from '../../../ui/format.ts';

/** Numbers that are not known are left out. `assumed` says what time and memory were estimated for. */
export function derivedAsMarkdown(
  derived: Derived,
  assumed: { readonly gpuName: string; readonly mfuPercent: number; readonly convention: FlopsConvention },
): string {
  const { speed, checkpoints, learningRate, memoryPerGpuBytes: memory } = derived;
  const flops = derived.flopsPerTokenByConvention?.[assumed.convention] ?? null;
  const rows: readonly (readonly [string, string | null])[] = [
    ['parameters', whole(derived.parameters)],
    ['of them embeddings', whole(derived.embeddingParameters)],
    ['tokens per step', whole(derived.tokensPerStep)],
    ['total tokens', whole(derived.totalTokens)],
    ['tokens per parameter', whole(derived.tokensPerParameter)],
    [`FLOPs per token, ${FLOPS_CONVENTION_LABELS[assumed.convention]}`, whole(flops)],
    ['peak learning rate', learningRate === null ? null : formatRate(learningRate.schedule.peak)],
    [`memory per GPU, estimated`, memory === null ? null : formatMemorySize(memory.total)],
    [
      `time on ${speed?.gpus ?? 0} × ${assumed.gpuName} at ${assumed.mfuPercent} % MFU, estimated`,
      speed === null ? null : formatHours(speed.days * 24),
    ],
    ['GPU-hours, estimated', whole(speed?.gpuHours ?? null)],
    ['checkpoints', whole(checkpoints?.count ?? null)],
    ['bytes per checkpoint', whole(checkpoints?.sizeBytes ?? null)],
  ];
  const known = rows.flatMap(([name, value]) => (value === null ? [] : [`| ${name} | ${value} |`]));
  return ['| what | value |', '| --- | ---: |', ...known].join('\n');
}

function whole(value: number | null): string | null {
  return value === null ? null : formatInteger(value);
}
