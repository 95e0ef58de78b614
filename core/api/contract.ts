// The whole contract between a window (or the command line) and core: one entry a noun.
import type { ContractRouterClient } from '@orpc/contract';
import { annotationsContract } from './annotations.ts';
import { chatContract } from './chat.ts';
import { openaiServerContract } from './openai-server.ts';
import { checkpointsContract } from './checkpoints.ts';
import { configsContract } from './configs.ts';
import { conversationsContract } from './conversations.ts';
import { conversionContract } from './conversion.ts';
import { dashboardsContract } from './dashboards.ts';
import { datasetsContract } from './datasets.ts';
import { embeddersContract } from './embedders.ts';
import { evaluationProgressContract } from './evaluation-progress.ts';
import { evaluationQuestionsContract } from './evaluation-questions.ts';
import { evaluationsContract } from './evaluations.ts';
import { evaluationJobsContract } from './evaluation-jobs.ts';
import { evaluationRunsContract } from './evaluation-runs.ts';
import { gpusContract } from './gpus.ts';
import { judgesContract } from './judges.ts';
import { judgeBenchContract } from './judge-bench.ts';
import { likelihoodContract } from './likelihood.ts';
import { logsContract } from './logs.ts';
import { modelsContract } from './models.ts';
import { monitorContract } from './monitor.ts';
import { presetsContract } from './presets.ts';
import { publishingContract } from './publishing.ts';
import { qualityContract } from './quality.ts';
import { quantizationsContract } from './quantizations.ts';
import { replayContract } from './replay.ts';
import { runsContract } from './runs.ts';
import { reportsContract } from './reports.ts';
import { scoringContract } from './scoring.ts';
import { seriesContract } from './series.ts';
import { suitesContract } from './suites.ts';
import { systemContract } from './system.ts';
import { targetsContract } from './targets.ts';
import { tokenizersContract } from './tokenizers.ts';
import { viewsContract } from './views.ts';
import { weightsContract } from './weights.ts';
import { votesContract } from './votes.ts';
import { workspaceContract } from './workspace.ts';

export const contract = {
  workspace: workspaceContract,
  configs: configsContract,
  datasets: datasetsContract,
  tokenizers: tokenizersContract,
  views: viewsContract,
  embedders: embeddersContract,
  scoring: scoringContract,
  quality: qualityContract,
  annotations: annotationsContract,
  judges: judgesContract,
  judgeBench: judgeBenchContract,
  runs: runsContract,
  series: seriesContract,
  dashboards: dashboardsContract,
  monitor: monitorContract,
  checkpoints: checkpointsContract,
  logs: logsContract,
  gpus: gpusContract,
  models: modelsContract,
  conversion: conversionContract,
  weights: weightsContract,
  publishing: publishingContract,
  chat: chatContract,
  openaiServer: openaiServerContract,
  votes: votesContract,
  suites: suitesContract,
  evaluationJobs: evaluationJobsContract,
  reports: reportsContract,
  likelihood: likelihoodContract,
  quantizations: quantizationsContract,
  evaluations: evaluationsContract,
  evaluationRuns: evaluationRunsContract,
  evaluationProgress: evaluationProgressContract,
  evaluationQuestions: evaluationQuestionsContract,
  replay: replayContract,
  conversations: conversationsContract,
  presets: presetsContract,
  targets: targetsContract,
  system: systemContract,
};

/** What a window holds: every procedure as an async function with typed errors. */
export type StudioClient = ContractRouterClient<typeof contract>;
