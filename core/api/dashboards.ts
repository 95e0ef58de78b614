// Contract of dashboards: sections of charts as small files in `dashboards/` of the workspace.
import { z } from 'zod';
import { dashboard } from '../lib/dashboards/dashboard.ts';
import { procedure } from './procedure.ts';
import { sharedDocument } from './shared-documents.ts';

const { listed, procedures } = sharedDocument(dashboard);
export type ListedDashboard = z.infer<typeof listed>;

export const dashboardsContract = {
  /** By path. */
  list: procedure.output(z.array(listed)),
  ...procedures,
};
