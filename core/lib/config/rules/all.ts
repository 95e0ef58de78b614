// The list of all rules. Adding a rule means one line here.
// Knows nothing about what the rules look at.

import { readNanotronSettings } from '../derived/nanotron-settings.ts';
import * as axolotlData from './axolotl/data.ts';
import * as axolotlTraining from './axolotl/training.ts';
import * as attentionHeads from './nanotron/attention-heads.ts';
import * as checkpoints from './nanotron/checkpoints.ts';
import * as dataFolders from './nanotron/data-folders.ts';
import * as dataStages from './nanotron/data-stages.ts';
import * as learningRate from './nanotron/learning-rate.ts';
import * as memory from './nanotron/memory.ts';
import * as noEffect from './nanotron/no-effect.ts';
import * as optimizer from './nanotron/optimizer.ts';
import * as parallelism from './nanotron/parallelism.ts';
import * as pipeline from './nanotron/pipeline.ts';
import * as qwenAttention from './nanotron/qwen-attention.ts';
import * as resume from './nanotron/resume.ts';
import * as sections from './nanotron/sections.ts';
import * as vocabulary from './nanotron/vocabulary.ts';
import * as worldSize from './nanotron/world-size.ts';
import type { NanotronRule, Rule, RuleContext, RuleFinding } from './rule.ts';
import * as trlData from './trl/data.ts';
import * as trlModel from './trl/model.ts';
import * as trlSchedule from './trl/schedule.ts';

const NANOTRON_RULES: readonly NanotronRule[] = [
  sections.sectionMissing,
  worldSize.worldSize,
  worldSize.tensorParallelAcrossNodes,
  attentionHeads.keyValueHeads,
  attentionHeads.headDimensionWhole,
  attentionHeads.tensorParallelHeads,
  attentionHeads.tensorParallelWidths,
  vocabulary.vocabularyTokenizer,
  vocabulary.vocabularyPadding,
  vocabulary.specialTokens,
  vocabulary.tokenizerUnnamed,
  vocabulary.tokenizerFromMetadata,
  parallelism.asyncAllReduce,
  parallelism.cudaConnections,
  parallelism.ringAttentionLength,
  parallelism.ringStride,
  parallelism.contextParallelAttention,
  parallelism.expertParallel,
  pipeline.pipelineLayers,
  pipeline.pipelineBubble,
  pipeline.pipelineTied,
  qwenAttention.attentionWindow,
  qwenAttention.layersWithoutPositions,
  qwenAttention.expertsPerToken,
  dataStages.stageStart,
  dataStages.stageUnique,
  dataStages.lastStageOnly,
  dataStages.stageSequenceLength,
  dataStages.stageAfterEnd,
  dataFolders.datasetWeightsMissing,
  dataFolders.datasetListLengths,
  dataFolders.datasetWeightsUseful,
  dataFolders.datasetFolderRepeated,
  dataFolders.datasetForkIgnores,
  dataFolders.loadingWorkers,
  learningRate.warmupStyle,
  learningRate.schedulerNull,
  learningRate.warmupLength,
  learningRate.minimumRate,
  learningRate.minimumAbovePeak,
  learningRate.decayPastEnd,
  learningRate.decayBeforeWarmupEnd,
  learningRate.rateFlatAtMinimum,
  checkpoints.intervalPastEnd,
  checkpoints.finalStateLost,
  checkpoints.intervalWalltime,
  checkpoints.checkpointDisk,
  resume.resumeFixedStep,
  resume.resumePastEnd,
  resume.resumeElsewhere,
  resume.resumeInterval,
  resume.resumeMissing,
  optimizer.clipGradient,
  optimizer.zeroStage,
  optimizer.gradientPrecision,
  optimizer.initialDeviation,
  noEffect.validationUnused,
  noEffect.modelKeysUnused,
  noEffect.sanityChecks,
  noEffect.evaluationWithoutUpload,
  noEffect.evaluationInterval,
  noEffect.profilerSteps,
  memory.memoryOverGpu,
  memory.recomputeNeedless,
  memory.blendIndexMemory,
  memory.sequencePositions,
];

const OTHER_RULES: readonly Rule[] = [
  trlModel.modelPrecision,
  trlModel.mixedPrecision,
  trlModel.contextLength,
  trlModel.referenceMemory,
  trlSchedule.warmupTwice,
  trlSchedule.preferenceRate,
  trlSchedule.evaluationSteps,
  trlSchedule.bestModel,
  trlSchedule.stepsAndEpochs,
  trlSchedule.lossWeights,
  trlData.packingAttention,
  trlData.packingOff,
  trlData.assistantOnly,
  axolotlData.sequenceLength,
  axolotlData.packingPreference,
  axolotlData.evaluationData,
  axolotlData.twoIntervals,
  axolotlData.padIsEnd,
  axolotlData.preparedPath,
  axolotlTraining.learningRateMissing,
  axolotlTraining.cosineUnused,
  axolotlTraining.fsdpPrefix,
  axolotlTraining.fsdpVersion,
  axolotlTraining.strict,
];

/** Codes of all rules, in the order they run. */
export const RULE_CODES: readonly string[] = [...NANOTRON_RULES, ...OTHER_RULES].map((rule) => rule.code);

/** Runs every rule that applies to the kind. Findings come unsorted and without line numbers. */
export function runRules(context: RuleContext): readonly RuleFinding[] {
  const { derived } = context;
  if (context.kind === 'nanotron' && derived !== null) {
    const nanotron = { ...context, derived, settings: readNanotronSettings(context.document) };
    return NANOTRON_RULES.flatMap((rule) => rule.check(nanotron));
  }
  return OTHER_RULES.filter((rule) => rule.kinds.includes(context.kind)).flatMap((rule) =>
    rule.check(context),
  );
}
