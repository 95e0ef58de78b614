// Opens something of a run beside its curves: a checkpoint or a finding, by its name in the route. What is laid over the run stays.
import { currentRoute, href, navigate } from '../../app/route.ts';

export interface PartOfRun {
  readonly checkpoint?: string;
  readonly finding?: string;
}

/** Nothing chosen with an empty `part`. */
export function openOfRun(id: string, part: PartOfRun): void {
  const query = currentRoute()?.query ?? new URLSearchParams();
  const kept = [...query].filter(([key]) => key !== 'checkpoint' && key !== 'finding');
  navigate(href('runs', id, { ...Object.fromEntries(kept), ...part }), { replace: true });
}
