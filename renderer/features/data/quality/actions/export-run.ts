// Exports under way, outside React: leaving the view does not stop one. One a lab; it is said when it has ended.
import { createStore } from 'zustand/vanilla';
import type { StudioClient } from '../../../../../core/api/contract.ts';
import type { ApplyEvent } from '../../../../../core/api/quality.ts';
import type { CorpusTokens } from '../../../../../core/api/quality-corpus.ts';
import type { Recipe } from '../../../../../core/lib/quality/recipe.ts';
import { folderColumnLines } from '../../../../../core/lib/quality/recognise-columns.ts';
import { isAbort } from '../../../../app/describe-error.ts';
import { notify, notifyError } from '../../../../app/notifications.ts';
import { href, navigate } from '../../../../app/route.ts';
import { fileName, formatCount, formatDiskSize } from '../../../../ui/format.ts';

export interface RunningExport {
  readonly output: string;
  readonly doneRows: number;
  readonly totalRows: number;
  readonly elapsedMs: number;
  readonly controller: AbortController;
}

/** By the first path of the corpus. */
export const exportStore = createStore<{ readonly running: Readonly<Record<string, RunningExport>> }>(() => ({
  running: {},
}));

export interface ExportOrder {
  readonly recipe: Recipe;
  readonly paths: readonly string[];
  readonly tokens: CorpusTokens;
  readonly output: string;
  readonly overwrite: boolean;
}

/** Resolves when the first event has come: until then a refusal (the file exists) is the caller's to show. */
export async function startExport(client: StudioClient, order: ExportOrder): Promise<void> {
  const key = order.paths[0] ?? '';
  const controller = new AbortController();
  const { recipe, paths, tokens, output, overwrite } = order;
  const events = await client.quality.apply(
    { recipe, paths: [...paths], tokens, output, overwrite },
    { signal: controller.signal },
  );
  const iterator = events[Symbol.asyncIterator]();
  const first = await iterator.next();
  const startedMs = Date.now();
  const show = (event: ApplyEvent) => {
    if (event.kind !== 'progress') return;
    const { doneRows, totalRows } = event;
    exportStore.setState(({ running }) => ({
      running: {
        ...running,
        [key]: { output, doneRows, totalRows, elapsedMs: Date.now() - startedMs, controller },
      },
    }));
  };
  const rest = async () => {
    try {
      for (let step = first; !step.done; step = await iterator.next()) {
        show(step.value);
        if (step.value.kind === 'done') sayDone(step.value);
      }
    } catch (error) {
      if (controller.signal.aborted || isAbort(error)) {
        notify({
          severity: 'info',
          title: `Export of ${fileName(output)} was cancelled`,
          detail: 'Nothing was written',
        });
      } else notifyError(error);
    } finally {
      exportStore.setState(({ running }) => ({
        running: Object.fromEntries(Object.entries(running).filter(([name]) => name !== key)),
      }));
    }
  };
  void rest();
}

function sayDone(event: Extract<ApplyEvent, { kind: 'done' }>): void {
  const { output, keptDocuments, documents, sizeBytes, warnings } = event;
  notify({
    severity: warnings.length > 0 ? 'warning' : 'good',
    title: `${formatCount(keptDocuments)} of ${formatCount(documents)} documents exported`,
    detail: [
      `${output} · ${formatDiskSize(sizeBytes)}`,
      ...folderColumnLines(event.folderColumns),
      ...warnings,
    ].join('\n'),
    action: { label: 'Open the export', perform: () => navigate(href('data', output, { view: 'rows' })) },
  });
}
