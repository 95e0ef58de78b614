// Contract of the studio itself: health report, status bar, settings, activities.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './procedure.ts';

export const doctorCheck = z.object({
  name: z.string(),
  status: z.enum(['ok', 'warning', 'missing']),
  value: z.string(),
  hint: z.string().nullable(),
});

export const doctorReport = z.object({
  studio: z.string(),
  node: z.string(),
  electron: z.string().nullable(),
  platform: z.string(),
  architecture: z.string(),
  cpuCount: z.number(),
  memoryBytes: z.object({ total: z.number(), free: z.number() }),
  diskBytes: z.object({ path: z.string(), total: z.number(), free: z.number() }),
  runtimes: z.array(doctorCheck),
  tools: z.array(doctorCheck),
});
export type DoctorReport = z.infer<typeof doctorReport>;

export const targetStatus = z.object({
  name: z.string(),
  kind: z.string(),
  connected: z.boolean(),
  isConnecting: z.boolean(),
  detail: z.string(),
  /** Since when it is connected or being connected, else until when it was. */
  sinceMs: z.number().nullable(),
  /** When a lost connection is made again by itself. */
  retryMs: z.number().nullable(),
  /** When its scheduler is asked next about the runs that are followed. */
  nextCheckMs: z.number().nullable(),
  /** Nothing goes on there before somebody does something. */
  needsPerson: z.boolean(),
});
export type TargetStatus = z.infer<typeof targetStatus>;

export const statusSnapshot = z.object({
  targets: z.array(targetStatus),
  runningJobs: z.number(),
  newestPointMs: z.number().nullable(),
  coreMemoryBytes: z.number(),
  childMemoryBytes: z.number(),
  diskFreeBytes: z.number().nullable(),
});
export type StatusSnapshot = z.infer<typeof statusSnapshot>;

/** Long work in core: indexing, loading, copying. Rate and time left are computed at the source. */
export const activity = z.object({
  id: z.string(),
  /** What it works at, such as `votes/friday`, where a window that comes back looks for it; else null. */
  key: z.string().nullable(),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  done: z.number(),
  total: z.number().nullable(),
  unit: z.string(),
  ratePerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  startedMs: z.number(),
  message: z.string().nullable(),
  cancellable: z.boolean(),
});
export type Activity = z.infer<typeof activity>;

/** Something a person should know although no call of theirs failed: a runtime died, a save was merged. */
export const notice = z.object({
  id: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  title: z.string(),
  detail: z.string(),
  atMs: z.number(),
});
export type Notice = z.infer<typeof notice>;

export const systemEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('status'), status: statusSnapshot }),
  z.object({ kind: z.literal('activities'), activities: z.array(activity) }),
  z.object({ kind: z.literal('notice'), notice }),
]);
export type SystemEvent = z.infer<typeof systemEvent>;

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark', 'high-contrast']).default('system'),
  /** Which llama.cpp build to use; GPU builds are installed on request, never by default. */
  llamaDevice: z.enum(['cpu', 'auto']).default('cpu'),
  llamaThreads: z.number().int().min(0).max(256).default(0),
  /** For all loaded models together; null takes 60 % of the memory that is free when the first one is loaded. */
  modelMemoryBytes: z.number().int().min(1).nullable().default(null),
  tourDone: z.boolean().default(false),
  gpuType: z.string().default('A100 80GB'),
  mfuPercent: z.number().min(1).max(100).default(30),
  /** Caches of a workspace are kept below this when it opens, in units of 1,000,000,000 bytes. */
  cacheLimitGb: z.number().int().min(1).max(100_000).default(50),
  /** Of all pulls of checkpoints together, in units of 1,000,000 bytes; 0 for as fast as the line is. */
  pullMegabytesPerSecond: z.number().min(0).max(100_000).default(0),
  /** What pulled weights and their models may take before something is proposed for removal, in units of 1,000,000,000 bytes. */
  checkpointLimitGb: z.number().int().min(1).max(1_000_000).default(200),
});
export type Settings = z.infer<typeof settings>;

/** Only what changes. Without the defaults: they would overwrite what is set. */
export const settingsChange = z.object({
  theme: settings.shape.theme.removeDefault().optional(),
  llamaDevice: settings.shape.llamaDevice.removeDefault().optional(),
  llamaThreads: settings.shape.llamaThreads.removeDefault().optional(),
  modelMemoryBytes: settings.shape.modelMemoryBytes.removeDefault().optional(),
  tourDone: settings.shape.tourDone.removeDefault().optional(),
  gpuType: settings.shape.gpuType.removeDefault().optional(),
  mfuPercent: settings.shape.mfuPercent.removeDefault().optional(),
  cacheLimitGb: settings.shape.cacheLimitGb.removeDefault().optional(),
  pullMegabytesPerSecond: settings.shape.pullMegabytesPerSecond.removeDefault().optional(),
  checkpointLimitGb: settings.shape.checkpointLimitGb.removeDefault().optional(),
});

/** Caches of the open workspace by kind, the largest first; all of it can be made again. */
export const cacheUse = z.object({
  parts: z.array(z.object({ name: z.string(), sizeBytes: z.number(), entries: z.number() })),
  sizeBytes: z.number(),
});

export const systemContract = {
  readCache: procedure.output(cacheUse),
  emptyCache: procedure.output(z.object({ freedBytes: z.number() })),
  doctor: procedure.output(doctorReport),
  events: procedure.output(eventIterator(systemEvent)),
  cancelActivity: procedure.input(z.object({ id: z.string() })).output(z.object({})),
  readSettings: procedure.output(settings),
  writeSettings: procedure.input(settingsChange).output(settings),
};
