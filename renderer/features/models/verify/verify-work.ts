// Verifications that run: one a model.
import type { QueryClient } from '@tanstack/react-query';
import type { ParityReport } from '../../../../core/api/conversion.ts';
import type { StudioClient } from '../../../../core/api/contract.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { createWorkStore, followToResult } from '../work-store.ts';

export const verifyWork = createWorkStore<ParityReport>();

export interface VerifyOrder {
  readonly model: string;
  readonly source: string;
  readonly tokenizer: string | null;
}

export function startVerification(
  { client, queries }: { readonly client: StudioClient; readonly queries: QueryClient },
  order: VerifyOrder,
): void {
  verifyWork.start(order.model, async ({ signal, onProgress }) => {
    const report = await followToResult(await client.conversion.verify(order, { signal }), onProgress);
    await queries.invalidateQueries({ queryKey: queryKeys.parityReport(order.model) });
    await queries.invalidateQueries({ queryKey: queryKeys.models });
    return report;
  });
}
