// Contract of dashboards: sections of charts as small files in `dashboards/` of the workspace.
import { z } from 'zod';
import { dashboard } from '../lib/dashboards/dashboard.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** `version` is the SHA-256 of the bytes on disk; saving names the version it was based on. */
export const dashboardFile = z.object({
  path: workspacePath,
  version: z.string(),
  modifiedMs: z.number(),
  saved: dashboard,
});
export type DashboardFile = z.infer<typeof dashboardFile>;

export const listedDashboard = z.object({
  path: workspacePath,
  modifiedMs: z.number(),
  /** Null: the file cannot be read as a dashboard, and `problem` says why. */
  file: dashboardFile.nullable(),
  problem: z.string().nullable(),
});
export type ListedDashboard = z.infer<typeof listedDashboard>;

export const saveDashboardResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('saved'), file: dashboardFile }),
  /** Somebody else wrote the file since `baseVersion`; nothing was written. Null: theirs cannot be read. */
  z.object({ kind: z.literal('conflict'), current: dashboardFile.nullable() }),
]);
export type SaveDashboardResult = z.infer<typeof saveDashboardResult>;

export const dashboardsContract = {
  /** By path. */
  list: procedure.output(z.array(listedDashboard)),
  /** Write aside, fsync, rename. `baseVersion: null` means: the file must not exist yet. */
  save: procedure
    .input(z.object({ path: workspacePath, saved: dashboard, baseVersion: z.string().nullable() }))
    .output(saveDashboardResult),
  rename: procedure.input(z.object({ from: workspacePath, to: workspacePath })).output(z.object({})),
  /** Moves the file to .studio/trash so that it can be restored. */
  remove: procedure.input(z.object({ path: workspacePath })).output(z.object({ restoreToken: z.string() })),
  restore: procedure.input(z.object({ restoreToken: z.string() })).output(z.object({ path: workspacePath })),
};
