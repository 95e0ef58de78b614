// Assembles the nouns into one router. Each noun's `routes.ts` exports a function from context to its procedures.
import { call } from '@orpc/server';
import { StudioError } from '../api/errors.ts';
import { runId } from '../api/runs.ts';
import type { WeightType } from '../lib/conversion/gguf-metadata.ts';
import { annotationsRoutes } from './annotations/routes.ts';
import { api } from './base.ts';
import { chatRoutes } from './chat/routes.ts';
import { openaiServerRoutes } from './openai/routes.ts';
import { checkpointsRoutes } from './checkpoints/routes.ts';
import { createCheckpointService } from './checkpoints/service.ts';
import { configsRoutes } from './configs/routes.ts';
import type { CoreContext } from './context.ts';
import { dashboardsRoutes } from './dashboards/routes.ts';
import { datasetsRoutes } from './datasets/routes.ts';
import { embeddersRoutes } from './embedders/routes.ts';
import { evaluationProgressRoutes } from './evaluations/progress/routes.ts';
import { evaluationQuestionsRoutes } from './evaluations/questions/routes.ts';
import { evaluationsRoutes } from './evaluations/results/routes.ts';
import { evaluationJobsRoutes } from './evaluations/jobs/routes.ts';
import { evaluationRunsRoutes } from './evaluations/local/routes.ts';
import { gpusRoutes } from './gpus/routes.ts';
import { judgesRoutes } from './judges/routes.ts';
import { judgeBenchRoutes } from './judge-bench/routes.ts';
import { bitsReader, likelihoodRoutes } from './likelihood/routes.ts';
import { logsRoutes } from './logs/routes.ts';
import { modelsRoutes } from './models/routes.ts';
import { monitorRoutes } from './monitor/routes.ts';
import { conversationsRoutes } from './conversations/routes.ts';
import { conversionRoutes } from './conversion/routes.ts';
import { quantizationsRoutes } from './quantizations/routes.ts';
import { presetsRoutes } from './presets/routes.ts';
import { publishingRoutes } from './publishing/routes.ts';
import { qualityRoutes } from './quality/routes.ts';
import { openedType, stageWords } from './replay/open-words.ts';
import { replayRoutes } from './replay/routes.ts';
import { reportsRoutes } from './reports/routes.ts';
import { runsRoutes } from './runs/routes.ts';
import { scoringRoutes } from './scoring/routes.ts';
import { seriesRoutes } from './series/routes.ts';
import { suitesRoutes } from './suites/routes.ts';
import { targetsRoutes } from './targets/routes.ts';
import { systemRoutes } from './system/routes.ts';
import { tokenizersRoutes } from './tokenizers/routes.ts';
import { viewsRoutes } from './views/routes.ts';
import { weightsRoutes } from './weights/routes.ts';
import { votesRoutes } from './votes/routes.ts';
import { workspaceRoutes } from './workspace/routes.ts';

export function createRouter(context: CoreContext) {
  const workspace = workspaceRoutes(context);
  const configs = configsRoutes(context);
  const tokenizers = tokenizersRoutes(context);
  const datasets = datasetsRoutes(context, tokenizers);
  const views = viewsRoutes(context);
  const annotations = annotationsRoutes(context, datasets.reading);
  const judges = judgesRoutes(context, datasets.reading, tokenizers.workers);
  const judgeBench = judgeBenchRoutes(context, datasets.reading);
  const embedders = embeddersRoutes(context, datasets.reading);
  const scoring = scoringRoutes(context, datasets.reading);
  const quality = qualityRoutes(context, tokenizers.workers);
  const targets = targetsRoutes(context);
  const runs = runsRoutes(context, targets.service);
  const series = seriesRoutes(context);
  const dashboards = dashboardsRoutes(context);
  const checkpointService = createCheckpointService(context);
  const checkpoints = checkpointsRoutes(context, checkpointService, targets.service);
  runs.remote.follower.alsoAsk((connection, ids) => checkpointService.askTarget(connection, ids));
  const monitor = monitorRoutes(context, {
    registry: runs.registry,
    checkpoints: checkpointService,
    stopRun: async (id, graceMs) => {
      await call(runs.procedures.stop, { id: runId.parse(id), graceMs }, { context });
    },
  });
  const logs = logsRoutes(context);
  const gpus = gpusRoutes(targets.service, () => runs.registry.list());
  const models = modelsRoutes(context);
  const conversion = conversionRoutes(context);
  const weights = weightsRoutes(context);
  const publishing = publishingRoutes(context);
  const chat = chatRoutes(context);
  const openaiServer = openaiServerRoutes(context, chat.engine, (root) => models.models.list(root));
  /** Pulled and converted, not verified; gives the model as a path of the workspace. */
  const openStep = async (
    id: string,
    work: {
      readonly step: number;
      readonly type: WeightType;
      readonly signal: AbortSignal;
      readonly onNote: (note: string) => void;
    },
  ): Promise<string | null> => {
    const { step, type, signal, onNote } = work;
    const request = { id: runId.parse(id), step, type, verify: false };
    let path: string | null = null;
    for await (const event of await call(checkpoints.procedures.open, request, { context, signal })) {
      if (event.kind === 'result') path = event.result.modelPath;
      else if (event.stage !== null) onNote(event.note ?? stageWords[event.stage]);
    }
    return path;
  };
  const replay = replayRoutes(context, {
    engine: chat.engine,
    models: models.models,
    fingerprints: models.fingerprints,
    savedSteps: async (id) => {
      const { checkpoints: saved } = await checkpointService.list(id).catch(() => ({ checkpoints: [] }));
      return saved.filter(({ problem }) => problem === null).map(({ step }) => step);
    },
    openStep: async (id, { type, ...work }) => {
      await openStep(id, { ...work, type: openedType(type) });
    },
  });
  const quantizations = quantizationsRoutes(context, models);
  const evaluationRuns = evaluationRunsRoutes(context, {
    fingerprints: models.fingerprints,
    reading: datasets.reading,
  });
  const votes = votesRoutes(context, { engine: chat.engine, fingerprints: models.fingerprints });
  const suites = suitesRoutes(context, {
    engine: chat.engine,
    listCheckpoints: (id, signal) => checkpointService.list(id, signal),
    readBits: bitsReader(context),
    openStep: async (id, work) => {
      const path = await openStep(id, work);
      if (path !== null) return path;
      throw new StudioError('NOT_FOUND', `No model came of step ${work.step}`, {
        hint: 'Open it on its run',
      });
    },
  });
  const evaluationJobs = evaluationJobsRoutes(context, {
    checkpoints: checkpointService,
    targets: targets.service,
    runs: runs.service,
    listRuns: () => runs.registry.list(),
  });
  const reports = reportsRoutes({
    context,
    checkpoints: checkpointService,
    listRuns: () => runs.registry.list(),
    suitesOf: (run) => call(suites.procedures.ofRun, { run }, { context }),
  });
  const conversations = conversationsRoutes(context);
  const presets = presetsRoutes(context);
  const likelihood = likelihoodRoutes(context, { engine: chat.engine, reading: datasets.reading });
  checkpoints.rules.useSuites((suite, path, signal) => suites.startWhenFree(suite, path, signal));
  const evaluations = evaluationsRoutes(context);
  const evaluationQuestions = evaluationQuestionsRoutes(context, {
    openEngine: () => datasets.reading,
    workers: tokenizers.workers,
  });
  const evaluationProgress = evaluationProgressRoutes(context, evaluationQuestions.answers);
  const system = systemRoutes(context, {
    listRuns: () => runs.registry.recent(),
    listTargets: () => targets.service.list(),
    nextQuestionMs: (target) => runs.remote.follower.nextQuestionMs(target),
  });
  const router = api.router({
    workspace: workspace.procedures,
    configs: configs.procedures,
    datasets: datasets.procedures,
    tokenizers: tokenizers.procedures,
    views: views.procedures,
    embedders: embedders.procedures,
    scoring: scoring.procedures,
    quality: quality.procedures,
    annotations: annotations.procedures,
    judges: judges.procedures,
    judgeBench: judgeBench.procedures,
    runs: runs.procedures,
    series: series.procedures,
    dashboards: dashboards.procedures,
    monitor: monitor.procedures,
    checkpoints: checkpoints.procedures,
    logs: logs.procedures,
    gpus: gpus.procedures,
    models: models.procedures,
    conversion: conversion.procedures,
    weights: weights.procedures,
    publishing: publishing.procedures,
    chat: chat.procedures,
    openaiServer: openaiServer.procedures,
    votes: votes.procedures,
    suites: suites.procedures,
    evaluationJobs: evaluationJobs.procedures,
    reports: reports.procedures,
    likelihood: likelihood.procedures,
    quantizations: quantizations.procedures,
    evaluations: evaluations.procedures,
    evaluationRuns: evaluationRuns.procedures,
    evaluationProgress: evaluationProgress.procedures,
    evaluationQuestions: evaluationQuestions.procedures,
    replay: replay.procedures,
    conversations: conversations.procedures,
    presets: presets.procedures,
    targets: targets.procedures,
    system: system.procedures,
  });
  const all = [
    openaiServer,
    evaluationRuns,
    replay,
    quantizations,
    evaluations,
    votes,
    suites,
    evaluationJobs,
    reports,
    chat,
    conversations,
    presets,
    models,
    conversion,
    weights,
    publishing,
    quality,
    judges,
    annotations,
    judgeBench,
    views,
    datasets,
    tokenizers,
    embedders,
    scoring,
    series,
    dashboards,
    monitor,
    checkpoints,
    logs,
    gpus,
    runs,
    targets,
    configs,
    system,
    workspace,
  ];
  return {
    router,
    dispose: async () => {
      for (const routes of all) await routes.dispose();
    },
  };
}

export type StudioRouter = ReturnType<typeof createRouter>['router'];
