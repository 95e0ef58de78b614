// Names of dashboards, their paths in the workspace and their links. Pure.
import { documentNames } from '../../../app/document-names.ts';
import { href } from '../../../app/route.ts';

/** Of the workspace. */
export const FOLDER = 'dashboards';
/** What the argument of the runs view begins with when it names a dashboard. */
const ARGUMENT = 'dashboard/';

export const dashboardNames = documentNames(FOLDER);
export const dashboardName = dashboardNames.nameOf;

/** What names it in the route of the runs view. */
export function dashboardArgument(path: string): string {
  return `${ARGUMENT}${dashboardName(path)}`;
}

export function dashboardHref(path: string): string {
  return href('runs', dashboardArgument(path));
}

/** The path of the dashboard that the route names; null when it names a run or a log. */
export function dashboardOfArgument(argument: string): string | null {
  return argument.startsWith(ARGUMENT) ? `${FOLDER}/${argument.slice(ARGUMENT.length)}.json` : null;
}
