// Golden vectors of the model arithmetic: parameters, FLOPs, memory, time, learning rate, data mix.
import { describe, expect, it } from 'vitest';
import { blendIndexBytes } from '../../../../../../core/lib/config/derived/blend-index.ts';
import { countCheckpoints } from '../../../../../../core/lib/config/derived/checkpoints.ts';
import { computeDataMix, guessLanguage } from '../../../../../../core/lib/config/derived/data-mix.ts';
import { flopsPerToken } from '../../../../../../core/lib/config/derived/flops.ts';
import { findGpuType } from '../../../../../../core/lib/config/derived/gpus.ts';
import {
  completeSchedule,
  type DecayStyle,
  floorSpan,
  learningRateAt,
  sampleSchedule,
  scheduleStages,
} from '../../../../../../core/lib/config/derived/learning-rate.ts';
import { estimateMemory, type MemoryInput } from '../../../../../../core/lib/config/derived/memory.ts';
import type { ModelShape } from '../../../../../../core/lib/config/derived/model-shape.ts';
import { countParameters } from '../../../../../../core/lib/config/derived/parameters.ts';
import { estimateThroughput, utilizationOf } from '../../../../../../core/lib/config/derived/throughput.ts';
import { countTokens } from '../../../../../../core/lib/config/derived/tokens.ts';

const GIBIBYTE = 1024 ** 3;

function shape(row: readonly [number, number, number, number, number, number, boolean]): ModelShape {
  const [layers, hiddenSize, heads, keyValueHeads, intermediateSize, vocabularySize, tiedEmbeddings] = row;
  return {
    family: 'llama',
    layers,
    hiddenSize,
    heads,
    keyValueHeads,
    intermediateSize,
    vocabularySize,
    tiedEmbeddings,
    attentionBias: false,
    maxPositionEmbeddings: 4096,
  };
}

const ZAGREUS = shape([32, 960, 15, 5, 2560, 128_256, true]);

interface GoldenModel {
  readonly name: string;
  readonly model: ModelShape;
  readonly parameters: number;
  readonly sequenceLength: number;
  readonly flops: number;
}

const MODELS: readonly GoldenModel[] = [
  { name: 'Zagreus 0.4B', model: ZAGREUS, parameters: 437_760_960, sequenceLength: 4096, flops: 4.136141e9 },
  {
    name: 'SmolLM2-360M',
    model: shape([32, 960, 15, 5, 2560, 49_152, true]),
    parameters: 361_821_120,
    sequenceLength: 2048,
    flops: 2.925527e9,
  },
  {
    name: 'SmolLM2-135M',
    model: shape([30, 576, 9, 3, 1536, 49_152, true]),
    parameters: 134_515_008,
    sequenceLength: 2048,
    flops: 1.231553e9,
  },
  {
    name: 'SmolLM2-1.7B',
    model: shape([24, 2048, 32, 32, 8192, 49_152, true]),
    parameters: 1_711_376_384,
    sequenceLength: 2048,
    flops: 1.147562e10,
  },
  {
    name: 'SmolLM3-3B',
    model: shape([36, 2048, 16, 4, 11_008, 128_256, true]),
    parameters: 3_075_098_624,
    sequenceLength: 4096,
    flops: 2.207357e10,
  },
  {
    name: 'Llama-3.2-1B',
    model: shape([16, 2048, 32, 8, 8192, 128_256, true]),
    parameters: 1_235_814_400,
    sequenceLength: 4096,
    flops: 9.025094e9,
  },
  {
    name: 'Llama-3.2-3B',
    model: shape([28, 3072, 24, 8, 8192, 128_256, true]),
    parameters: 3_212_749_824,
    sequenceLength: 4096,
    flops: 2.350331e10,
  },
  {
    name: 'Llama-2-7B',
    model: shape([32, 4096, 32, 32, 11_008, 32_000, false]),
    parameters: 6_738_415_616,
    sequenceLength: 4096,
    flops: 4.608492e10,
  },
  {
    name: 'Llama-3.1-8B',
    model: shape([32, 4096, 32, 8, 14_336, 128_256, false]),
    parameters: 8_030_261_248,
    sequenceLength: 4096,
    flops: 5.14704e10,
  },
];

describe('parameters and FLOPs per token', () => {
  it.each(MODELS)('$name', ({ model, parameters, sequenceLength, flops }) => {
    expect(countParameters(model).total).toBe(parameters);
    expect(Math.abs(flopsPerToken(model, sequenceLength).nanotron / flops - 1)).toBeLessThan(5e-7);
  });

  it('splits embeddings from the rest and names three conventions', () => {
    expect(countParameters(ZAGREUS)).toEqual({
      total: 437_760_960,
      embedding: 123_125_760,
      nonEmbedding: 314_635_200,
      perLayer: 9_832_320,
    });
    const flops = flopsPerToken(ZAGREUS, 4096);
    expect(flops['six-n'] / 1e9).toBeCloseTo(2.627, 3);
    expect(flops['causal-half'] / 1e9).toBeCloseTo(3.381, 3);
  });
});

describe('tokens, time and checkpoints', () => {
  const tokens = countTokens({
    microBatchSize: 4,
    batchAccumulation: 1,
    dataParallel: 64,
    sequenceLength: 4096,
    trainSteps: 2_000_000,
  });

  it('counts the batch of the paper', () => {
    expect(tokens).toEqual({
      globalBatchSequences: 256,
      tokensPerStep: 1_048_576,
      totalTokens: 2_097_152_000_000,
    });
    expect(blendIndexBytes(2_000_000, 256)).toBe(5_120_000_000);
  });

  it.each([
    [0.07, 5280, 3103, 34.249],
    [0.2, 15_087, 1086, 12.0],
    [0.3, 22_630, 724, 8.0],
    [0.4, 30_173, 543, 6.0],
    [0.45, 33_945, 483, 5.3],
  ])('Zagreus on 64 A100 at MFU %d', (utilization, perGpu, stepMs, days) => {
    const flops = flopsPerToken(ZAGREUS, 4096).nanotron;
    const peakFlops = findGpuType('a100-80')?.peakFlops ?? 0;
    const speed = estimateThroughput({
      flopsPerToken: flops,
      peakFlops,
      utilization,
      gpus: 64,
      totalTokens: 1e12,
      tokensPerStep: tokens.tokensPerStep,
    });
    expect(Math.round(speed.tokensPerSecondPerGpu)).toBe(perGpu);
    expect(Math.round(speed.stepSeconds * 1000)).toBe(stepMs);
    expect(speed.days).toBeCloseTo(days, 1);
    expect(speed.gpuHours).toBeCloseTo(speed.days * 24 * 64, 6);
    expect(utilizationOf(speed.tokensPerSecondPerGpu, flops, peakFlops)).toBeCloseTo(utilization, 10);
  });

  it('counts checkpoints and their size', () => {
    const input = { parameters: 437_760_960, interval: 5000, saveInitial: false, saveFinal: false };
    const figures = countCheckpoints({ ...input, trainSteps: 800_000 });
    expect(figures.count).toBe(160);
    expect(figures.sizeBytes / 1e9).toBeCloseTo(6.13, 2);
    expect(figures.totalBytes / 1e9).toBeCloseTo(980.6, 1);
    expect(countCheckpoints({ ...input, trainSteps: 801, interval: 100, saveFinal: true }).count).toBe(9);
    expect(countCheckpoints({ ...input, trainSteps: 800, interval: 100, saveFinal: true }).count).toBe(8);
  });
});

describe('memory per GPU', () => {
  const input: MemoryInput = {
    shape: ZAGREUS,
    parameters: 437_760_960,
    microBatchSize: 4,
    batchAccumulation: 1,
    sequenceLength: 4096,
    dataParallel: 64,
    tensorParallel: 1,
    pipelineParallel: 1,
    contextParallel: 1,
    pipelineEngine: '1f1b',
    zeroStage: 0,
    accumulateGradInFp32: true,
    recomputeLayer: false,
    gradientBucketMegabytes: 100,
  };
  const staticGibibytes = (changes: Partial<MemoryInput>) => {
    const memory = estimateMemory({ ...input, ...changes });
    return (memory.weights + memory.gradients + memory.optimizer) / GIBIBYTE;
  };

  it('has the static parts of the facts', () => {
    expect(staticGibibytes({})).toBeCloseTo(8.15, 2);
    expect(staticGibibytes({ zeroStage: 1 })).toBeCloseTo(3.34, 2);
    expect(staticGibibytes({ accumulateGradInFp32: false })).toBeCloseTo(3.26, 2);
  });

  it('has the dynamic parts of the facts and adds up to about 45 GiB', () => {
    const memory = estimateMemory(input);
    expect(memory.activations / GIBIBYTE).toBeCloseTo(15.3, 1);
    expect(memory.logits / GIBIBYTE).toBeCloseTo(19.6, 1);
    expect(memory.total / GIBIBYTE).toBeGreaterThan(44);
    expect(memory.total / GIBIBYTE).toBeLessThan(46);
  });

  it('recomputing keeps one layer and the layer inputs', () => {
    const memory = estimateMemory({ ...input, recomputeLayer: true });
    expect(memory.activations / GIBIBYTE).toBeGreaterThan(1.2);
    expect(memory.activations / GIBIBYTE).toBeLessThan(1.6);
  });

  it('pipeline engines keep different numbers of micro-batches', () => {
    const pipeline = { ...input, pipelineParallel: 2, batchAccumulation: 8 };
    const alternating = estimateMemory(pipeline).activations;
    const allForward = estimateMemory({ ...pipeline, pipelineEngine: 'afab' }).activations;
    expect(allForward / alternating).toBeCloseTo(4, 6);
  });
});

describe('learning rate', () => {
  const schedule = (decayStyle: DecayStyle) =>
    completeSchedule({
      peak: 0.003,
      trainSteps: 2_000_000,
      warmupSteps: 4000,
      warmupStyle: 'linear',
      decayStyle,
      decaySteps: 50_000,
      decayStart: 750_000,
      minimum: 1e-7,
    });

  // step, linear, cosine, 1-sqrt, each to six significant digits
  it.each([
    [1, 7.5e-7, 7.5e-7, 7.5e-7],
    [2000, 0.0015, 0.0015, 0.0015],
    [4000, 0.003, 0.003, 0.003],
    [749_999, 0.003, 0.003, 0.003],
    [750_001, 0.00299994, 0.003, 0.00298658],
    [775_000, 0.00150005, 0.00150005, 0.00087875],
    [799_999, 1.59998e-7, 1.00003e-7, 1.29999e-7],
    [800_000, 1e-7, 1e-7, 1e-7],
    [1_900_000, 1e-7, 1e-7, 1e-7],
  ])('at step %d', (step, linear, cosine, squareRoot) => {
    const styles: readonly (readonly [DecayStyle, number])[] = [
      ['linear', linear],
      ['cosine', cosine],
      ['1-sqrt', squareRoot],
    ];
    for (const [style, expected] of styles) {
      const value = learningRateAt(schedule(style), step);
      expect(Math.abs(value / expected - 1), `${style}: ${value}`).toBeLessThan(5e-6);
    }
  });

  it('starts at zero, or at the peak without warmup and decay', () => {
    expect(learningRateAt(schedule('linear'), 0)).toBe(0);
    const flat = completeSchedule({
      peak: 0.1,
      trainSteps: 10,
      warmupSteps: 0,
      warmupStyle: 'linear',
      decayStyle: null,
      decaySteps: 0,
      decayStart: null,
      minimum: null,
    });
    expect(learningRateAt(flat, 0)).toBe(0.1);
    expect(scheduleStages(flat)).toEqual([{ kind: 'stable', startStep: 0, endStep: 10 }]);
  });

  it('names its stages, its floor and hits their boundaries in a plot', () => {
    expect(scheduleStages(schedule('linear')).map((stage) => [stage.kind, stage.startStep])).toEqual([
      ['warmup', 0],
      ['stable', 4000],
      ['decay', 750_000],
      ['floor', 800_000],
    ]);
    expect(floorSpan(schedule('linear'))).toEqual({ startStep: 800_000, steps: 1_200_000 });
    const points = sampleSchedule(schedule('linear'), 100);
    expect(points.map((point) => point.step)).toEqual(
      expect.arrayContaining([0, 4000, 750_000, 800_000, 2_000_000]),
    );
    expect(points.length).toBeGreaterThan(99);
    expect(points.length).toBeLessThan(106);
  });
});

describe('data mix', () => {
  const folders = [
    '/training/fineweb-ita/tokenized',
    ...['000', '011', '012', '013', '014', '015', '016'].map(
      (shard) => `/training/fineweb-edu-350BT/${shard}_tokenized_output`,
    ),
    '/training/finepdf-ita/000_tokenized_output',
    '/training/starcoder_tokenized/000_tokenized_output',
  ];

  it('without weights every folder counts the same: 70 % English, 20 % Italian, 10 % code', () => {
    const mix = computeDataMix(folders, null);
    const languages = mix?.languages.map(({ language, share }) => [language, Math.round(share * 100)]);
    expect(languages).toEqual([
      ['English', 70],
      ['Italian', 20],
      ['code', 10],
    ]);
  });

  it('normalises weights, and gives up on a wrong number of them', () => {
    const mix = computeDataMix(['/a/it', '/a/en'], [3, 1]);
    expect(mix?.folders.map((folder) => folder.share)).toEqual([0.75, 0.25]);
    expect(computeDataMix(['/a'], [1, 2])).toBeNull();
    expect(computeDataMix(['/a'], [0])).toBeNull();
  });

  it.each([
    ['data/fineweb2-spa/tokens', 'Spanish'],
    ['data/fra_Latn', 'French'],
    ['corpora/pt/tokenized', 'Portuguese'],
    ['corpora/stack-edu', 'code'],
    ['corpora/finemath-4plus', 'math'],
    ['corpora/mystery', 'unknown'],
  ])('guesses %s as %s', (folder, language) => {
    expect(guessLanguage(folder)).toBe(language);
  });
});

describe('GPU types', () => {
  it.each([
    ['a100-64', 'a100-64'],
    ['A100-64GB', 'a100-64'],
    ['A100 80 GB', 'a100-80'],
    ['H100 SXM 80GB', 'h100-sxm'],
    ['RTX_4090', 'rtx-4090'],
  ])('finds %s', (name, id) => {
    expect(findGpuType(name)?.id).toBe(id);
  });

  it('does not guess', () => {
    expect(findGpuType('B300')).toBeNull();
  });
});
