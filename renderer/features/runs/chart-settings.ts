// How the charts of the runs view are drawn: remembered with the workspace.
import { z } from 'zod';

export const chartSettings = z.object({
  /** Distance in steps after which a point's weight has fallen to 1/e; 0 is off. */
  smoothingSteps: z.number().min(0),
  logarithmicX: z.boolean(),
  logarithmicY: z.boolean(),
});
export type ChartSettings = z.infer<typeof chartSettings>;

export const defaultChartSettings: ChartSettings = {
  smoothingSteps: 20,
  logarithmicX: false,
  logarithmicY: false,
};

export function parseChartSettings(stored: unknown): ChartSettings | undefined {
  const parsed = chartSettings.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}

export const smoothingChoices = [0, 5, 20, 100, 500, 2000, 10_000] as const;
