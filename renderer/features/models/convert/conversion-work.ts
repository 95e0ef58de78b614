// Conversions that run: every type of one source after the other, each verified when that was asked. They outlive their dialog.
import type { QueryClient } from '@tanstack/react-query';
import type { Converted, ParityReport } from '../../../../core/api/conversion.ts';
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { WeightType } from '../../../../core/lib/conversion/gguf-metadata.ts';
import { isAbort } from '../../../app/describe-error.ts';
import { notify } from '../../../app/notifications.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { createWorkStore, followToResult } from '../work-store.ts';
import { outputPath, type OutputFormat } from './conversion-order.ts';

export interface ConversionOrder {
  readonly source: string;
  readonly format: OutputFormat;
  readonly types: readonly WeightType[];
  readonly folder: string;
  readonly name: string;
  readonly tokenizer: string | null;
  readonly preTokenizer: string | null;
  readonly verifies: boolean;
  readonly replace: boolean;
}

export interface ConversionStep {
  readonly type: WeightType;
  readonly output: string;
  readonly state: 'waiting' | 'converting' | 'verifying' | 'done' | 'failed';
  readonly converted: Converted | null;
  readonly report: ParityReport | null;
  readonly error: unknown;
}

export const conversions = createWorkStore<readonly ConversionStep[]>();

/** Of one conversion and its verification: what the first takes. */
const CONVERT_SHARE = 0.4;

export function startConversion(
  { client, queries }: { readonly client: StudioClient; readonly queries: QueryClient },
  order: ConversionOrder,
): void {
  const { source, types, tokenizer } = order;
  conversions.start(source, async ({ signal, onProgress }) => {
    let steps = types.map(
      (type): ConversionStep => ({
        type,
        output: outputPath(order, type),
        state: 'waiting',
        converted: null,
        report: null,
        error: null,
      }),
    );
    const verifies = order.verifies && order.format === 'gguf';
    for (const [index, { output, type }] of steps.entries()) {
      const tell = (share: number, change: Partial<ConversionStep> = {}) => {
        steps = steps.map((step, place) => (place === index ? { ...step, ...change } : step));
        onProgress((index + share) / steps.length, steps);
      };
      try {
        tell(0, { state: 'converting' });
        const common = { source, output, format: order.format, type, tokenizer };
        const request = {
          ...common,
          preTokenizer: order.preTokenizer,
          name: order.name,
          replace: order.replace,
        };
        const converted = await followToResult(
          await client.conversion.convert(request, { signal }),
          (share) => tell(share * (verifies ? CONVERT_SHARE : 1)),
        );
        tell(verifies ? CONVERT_SHARE : 1, { converted, state: verifies ? 'verifying' : 'done' });
        if (!verifies) continue;
        const report = await followToResult(
          await client.conversion.verify({ source, model: output, tokenizer }, { signal }),
          (share) => tell(CONVERT_SHARE + share * (1 - CONVERT_SHARE)),
        );
        tell(1, { report, state: 'done' });
      } catch (error) {
        if (signal.aborted || isAbort(error)) throw error;
        tell(1, { error, state: 'failed' });
      }
    }
    await queries.invalidateQueries({ queryKey: queryKeys.models });
    await queries.invalidateQueries({ queryKey: queryKeys.weights });
    const first = steps.find(({ state }) => state === 'done');
    const failed = steps.filter(({ state }) => state === 'failed').length;
    notify({
      severity: failed > 0 ? 'warning' : 'good',
      title: `${order.name} converted: ${steps.length - failed} of ${steps.length}`,
      ...(first ? { action: { label: 'Open', perform: () => navigate(href('models', first.output)) } } : {}),
    });
    return steps;
  });
}
