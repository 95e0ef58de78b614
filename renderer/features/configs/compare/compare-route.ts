// The address of a comparison: `#/configs/compare?before=…&after=…`, each a config's path or `template:<id>`.
import { href } from '../../../app/route.ts';

/** Stands where a path would; no config is called so, since they end in .yaml. */
export const COMPARE = 'compare';

export type Side =
  | { readonly kind: 'config'; readonly path: string }
  | { readonly kind: 'template'; readonly id: string };

const TEMPLATE = 'template:';

export function parseSide(text: string | null): Side | null {
  if (text === null || text === '') return null;
  if (text.startsWith(TEMPLATE)) return { kind: 'template', id: text.slice(TEMPLATE.length) };
  return { kind: 'config', path: text };
}

export function printSide(side: Side): string {
  return side.kind === 'template' ? `${TEMPLATE}${side.id}` : side.path;
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
