// The keys under which answers of core are cached. A change of files makes the file-based ones stale.
import type { SeriesSource } from '../../core/api/series.ts';

/** Everything below `workspaceKey` is dropped when another workspace opens. */
export const workspaceKey = ['workspace'] as const;

export const queryKeys = {
  files: [...workspaceKey, 'files', 'all'],
  omitted: [...workspaceKey, 'files', 'omitted'],
  configs: [...workspaceKey, 'files', 'configs'],
  config: (path: string) => [...workspaceKey, 'files', 'config', path],
  templates: ['templates'],
  datasets: [...workspaceKey, 'files', 'datasets'],
  dataset: (path: string) => [...workspaceKey, 'dataset', path],
  models: [...workspaceKey, 'files', 'models'],
  model: (path: string) => [...workspaceKey, 'files', 'model', path],
  weights: [...workspaceKey, 'files', 'weights'],
  weightsOf: (path: string) => [...workspaceKey, 'files', 'weights', path],
  vocabulary: (path: string) => [...workspaceKey, 'files', 'vocabulary', path],
  parityReport: (path: string) => [...workspaceKey, 'files', 'parity-report', path],
  conversations: [...workspaceKey, 'conversations'],
  runs: [...workspaceKey, 'runs'],
  series: (source: SeriesSource) => [
    ...workspaceKey,
    'series',
    source.kind === 'run' ? source.id : source.path,
  ],
  runFacts: (id: string) => [...workspaceKey, 'run-facts', id],
  checkpoints: (id: string) => [...workspaceKey, 'checkpoints', id],
  siteProfile: (name: string) => [...workspaceKey, 'site-profile', name],
  board: (name: string) => [...workspaceKey, 'board', name],
  sshHosts: ['ssh-hosts'],
  browse: (target: string, path: string) => [...workspaceKey, 'browse', target, path],
  /** `launch`: what is to be launched, as text. */
  script: (launch: string) => [...workspaceKey, 'script', launch],
  recipes: [...workspaceKey, 'files', 'run-recipes'],
  recentWorkspaces: ['recent-workspaces'],
  folders: (path: string) => ['folders', path],
  doctor: ['doctor'],
} as const;

/** What becomes stale when files of the workspace change. */
export const filesKey = [...workspaceKey, 'files'] as const;
