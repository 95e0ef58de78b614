// Names of dashboards, their paths in the workspace and their links. Pure.
import { href } from '../../../app/route.ts';

const FOLDER = 'dashboards/';
/** What the argument of the runs view begins with when it names a dashboard. */
const ARGUMENT = 'dashboard/';

/** `dashboards/team/ablations.json` → `team/ablations`. */
export function dashboardName(path: string): string {
  return path.slice(path.startsWith(FOLDER) ? FOLDER.length : 0).replace(/\.json$/, '');
}

/** "Learning rates, 0.4B" → `dashboards/Learning-rates-0.4B.json`; null when nothing usable is left. Slashes make folders. */
export function dashboardPath(name: string): string | null {
  const parts = name
    .split('/')
    .map((part) =>
      part
        .trim()
        .normalize('NFC')
        .replaceAll(/[^\p{L}\p{N}._ -]+/gu, '-')
        .replaceAll(/[\s-]+/g, '-')
        .replaceAll(/^[-.]+|[-.]+$/g, ''),
    )
    .filter((part) => part !== '');
  return parts.length === 0 ? null : `${FOLDER}${parts.join('/').slice(0, 120)}.json`;
}

/** What names it in the route of the runs view. */
export function dashboardArgument(path: string): string {
  return `${ARGUMENT}${dashboardName(path)}`;
}

export function dashboardHref(path: string): string {
  return href('runs', dashboardArgument(path));
}

/** The path of the dashboard that the route names; null when it names a run or a log. */
export function dashboardOfArgument(argument: string): string | null {
  return argument.startsWith(ARGUMENT) ? `${FOLDER}${argument.slice(ARGUMENT.length)}.json` : null;
}
