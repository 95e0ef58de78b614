// What is open around the rows and how close they stand, remembered with the workspace.
import { z } from 'zod';
import { useViewState } from '../../app/view-state.ts';

const toolsSchema = z.object({
  sql: z.boolean(),
  facets: z.boolean(),
  profile: z.boolean(),
  density: z.enum(['normal', 'dense', 'roomy']),
});
export type Tools = z.infer<typeof toolsSchema>;

const closed: Tools = { sql: false, facets: false, profile: false, density: 'normal' };

function parseTools(stored: unknown): Tools | undefined {
  const parsed = toolsSchema.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}

export function useTools(): readonly [Tools, (tools: Tools) => void] {
  return useViewState<Tools>('data.tools', parseTools, closed);
}
