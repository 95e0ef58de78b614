// How the curves of the runs view are drawn: remembered with the workspace, and kept in dashboards.
import { z } from 'zod';
import { curveLook, type CurveLook, defaultLook } from '../../../../core/lib/dashboards/curve-look.ts';

export const curveSettings = curveLook.extend({
  /** Zooming one chart zooms all. */
  isZoomLinked: z.boolean().default(true),
});
export type CurveSettings = z.infer<typeof curveSettings>;

export const defaultSettings: CurveSettings = { ...defaultLook, isZoomLinked: true };

export function parseCurveSettings(stored: unknown): CurveSettings | undefined {
  const parsed = curveSettings.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}

export type { CurveLook };
