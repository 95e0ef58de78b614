// How links are written: #/configs/configs/zagreus-0.4B-ita.yaml, #/runs/<id>, #/runs/file/<path of a log>,
// #/data/<path>, #/models/<path>, #/settings. Pure; the current link is in route.ts.
import type { WorkspaceFile } from '../../core/api/workspace.ts';
import type { FeatureId } from './feature.ts';

export type View = FeatureId | 'settings' | 'workspaces';

export interface Route {
  readonly view: View;
  readonly argument: string | null;
  readonly query: URLSearchParams;
}

const views: readonly View[] = [
  'configs',
  'data',
  'runs',
  'models',
  'evaluations',
  'targets',
  'settings',
  'workspaces',
];

/** Null when the hash names no view: the shell then goes where the workspace was left. */
export function parseRoute(hash: string): Route | null {
  const [path, query] = splitOnce(hash.replace(/^#\/?/, ''), '?');
  const [name, rest] = splitOnce(path, '/');
  const view = views.find((candidate) => candidate === name);
  if (!view) return null;
  return {
    view,
    argument: rest === '' ? null : decodeSegments(rest),
    query: new URLSearchParams(query),
  };
}

/** The link of an object; slashes stay readable, everything else is escaped. */
export function href(
  view: View,
  argument?: string | null,
  query?: Readonly<Record<string, string | number>>,
): string {
  const object = argument ? `/${argument.split('/').map(encodeURIComponent).join('/')}` : '';
  const parameters = query
    ? `?${new URLSearchParams(Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])))}`
    : '';
  return `#/${view}${object}${parameters}`;
}

/** Where a file of the workspace opens; null for kinds the studio has no view for. */
export function hrefOfFile(file: Pick<WorkspaceFile, 'path' | 'kind'>): string | null {
  switch (file.kind) {
    case 'config':
      return href('configs', file.path);
    case 'dataset':
      return href('data', file.path);
    case 'model':
      return href('models', file.path);
    case 'log':
      return href('runs', `file/${file.path}`);
    case 'text':
      // A saved view opens its dataset.
      return /^views\/.+\.json$/.test(file.path) ? href('data', file.path) : null;
    case 'other':
      return null;
  }
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A hash typed by hand may hold a lone `%`: then it is taken as written. */
function decodeSegments(path: string): string {
  try {
    return path.split('/').map(decodeURIComponent).join('/');
  } catch {
    return path;
  }
}
