// Contract of the workspace: a folder of plain files that a team keeps in git.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { MAX_STATE_DEPTH } from '../lib/window-state/changes.ts';
import { procedure } from './procedure.ts';

/** Path inside the workspace with forward slashes, never absolute, never with `..`. */
export const workspacePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.startsWith('/') && !/^[A-Za-z]:/.test(path), 'must be inside the workspace')
  .refine((path) => !path.split(/[\\/]/).includes('..'), 'must lie inside the workspace');

export const workspaceInfo = z.object({
  path: z.string(),
  name: z.string(),
  readOnly: z.boolean(),
  /** The sample workspace shows the short tour. */
  sample: z.boolean(),
  gitBranch: z.string().nullable(),
  /** Other studios that have this workspace open right now. */
  otherStudios: z.array(z.object({ pid: z.number(), host: z.string(), sinceMs: z.number() })),
});
export type WorkspaceInfo = z.infer<typeof workspaceInfo>;

export const recentWorkspace = z.object({
  path: z.string(),
  name: z.string(),
  openedMs: z.number(),
  exists: z.boolean(),
});
export type RecentWorkspace = z.infer<typeof recentWorkspace>;

export const fileKind = z.enum(['config', 'dataset', 'model', 'log', 'text', 'other']);
export const workspaceFile = z.object({
  path: workspacePath,
  kind: fileKind,
  sizeBytes: z.number(),
  modifiedMs: z.number(),
});
export type WorkspaceFile = z.infer<typeof workspaceFile>;

/**
 * `files` lists changed paths (created, edited, removed), coalesced; `opened` says another workspace took over, or
 * the same with another branch.
 */
export const workspaceEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('files'), paths: z.array(z.string()) }),
  z.object({ kind: z.literal('opened'), workspace: workspaceInfo.nullable() }),
]);
export type WorkspaceEvent = z.infer<typeof workspaceEvent>;

export const folderEntry = z.object({ name: z.string(), path: z.string(), workspace: z.boolean() });

/** Of one telling; a window that begins tells a few dozens. */
const MAX_STATE_CHANGES = 10_000;
/** At most as deep as MAX_STATE_DEPTH of core/lib/window-state. Without a value it is not remembered any more. */
const stateChange = z.object({
  path: z.array(z.string()).min(1).max(MAX_STATE_DEPTH),
  value: z.unknown().optional(),
});

export const workspaceContract = {
  current: procedure.output(z.object({ workspace: workspaceInfo.nullable() })),
  open: procedure.input(z.object({ path: z.string().min(1) })).output(workspaceInfo),
  /** Makes the folder with studio.yaml and the usual sub-folders, then opens it. */
  create: procedure
    .input(z.object({ path: z.string().min(1), name: z.string().min(1) }))
    .output(workspaceInfo),
  openSample: procedure.output(workspaceInfo),
  recent: procedure.output(z.array(recentWorkspace)),
  forget: procedure.input(z.object({ path: z.string() })).output(z.object({})),
  /** Folders below a path, for the picker in hosts without a native dialog. */
  browse: procedure
    .input(z.object({ path: z.string().optional() }))
    .output(z.object({ path: z.string(), parent: z.string().nullable(), entries: z.array(folderEntry) })),
  files: procedure.output(
    z.object({ files: z.array(workspaceFile), truncated: z.boolean(), unread: z.array(z.string()) }),
  ),
  /** What every list of files lacks. */
  omitted: procedure.output(
    z.object({
      /** Folders that may not be read. */
      unread: z.array(z.string()),
      /** So many files are listed, and there are more; null when all are. */
      listedFiles: z.number().nullable(),
    }),
  ),
  /** Reads the folders again, for a disk that does not tell of every change. */
  refresh: procedure.output(z.object({})),
  events: procedure.output(eventIterator(workspaceEvent)),
  /** Window state of this workspace (routes, pane sizes, open files), kept in .studio/. */
  readState: procedure.output(z.object({ state: z.record(z.string(), z.unknown()) })),
  /** Several windows and studios change it, each its own part. `workspace`: whose state it is; NO_WORKSPACE when another one is open. */
  changeState: procedure
    .input(z.object({ workspace: z.string(), changes: z.array(stateChange).max(MAX_STATE_CHANGES) }))
    .output(z.object({})),
};
