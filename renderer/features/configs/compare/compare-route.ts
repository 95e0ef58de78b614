// The address of a comparison: `#/configs/compare?before=…&after=…`, each a config's path,
// `template:<id>`, or `run:<id>` for the config a run was launched with.
import type { RunId } from '../../../../core/api/runs.ts';
import { href } from '../../../app/route.ts';

/** Stands where a path would; no config is called so, since they end in .yaml. */
export const COMPARE = 'compare';

export type Side =
  | { readonly kind: 'config'; readonly path: string }
  | { readonly kind: 'template'; readonly id: string }
  | { readonly kind: 'run'; readonly id: RunId };

const TEMPLATE = 'template:';
const RUN = 'run:';

export function parseSide(text: string | null): Side | null {
  if (text === null || text === '') return null;
  if (text.startsWith(TEMPLATE)) return { kind: 'template', id: text.slice(TEMPLATE.length) };
  if (text.startsWith(RUN)) return { kind: 'run', id: text.slice(RUN.length) as RunId };
  return { kind: 'config', path: text };
}

export function printSide(side: Side): string {
  if (side.kind === 'config') return side.path;
  return `${side.kind === 'run' ? RUN : TEMPLATE}${side.id}`;
}

export function compareHref(sides: {
  readonly before: string | null;
  readonly after: string | null;
}): string {
  return href('configs', COMPARE, {
    ...(sides.before === null ? {} : { before: sides.before }),
    ...(sides.after === null ? {} : { after: sides.after }),
  });
}
