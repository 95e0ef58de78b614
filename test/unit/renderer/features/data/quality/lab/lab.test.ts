// The lab's state: where its first choice comes from, how answers follow a moving handle, what a link changes.
import { describe, expect, test } from 'vitest';
import type {
  DescribeEvent,
  FilterChoice,
  QualityDescription,
  ThresholdResult,
} from '../../../../../../../core/api/quality.ts';
import { withQuantile } from '../../../../../../../renderer/features/data/quality/lab/choice.ts';
import { createLab, type LabClient } from '../../../../../../../renderer/features/data/quality/lab/lab.ts';

const everywhere = { language: null, head: null };

const description: QualityDescription = {
  files: [],
  documents: 10,
  textColumn: 'text',
  idColumn: null,
  languageSource: 'language',
  keptSource: 'fw2_kept',
  filterReasonColumn: null,
  tokens: { kind: 'column', label: 'token_count', column: 'token_count', tokenizer: null },
  heads: ['score_a', 'score_b'].map((name) => ({
    name,
    column: name,
    scored: 10,
    missing: 0,
    infinite: 0,
    low: 0,
    high: 5,
  })),
  languages: [{ language: 'ita_Latn', documents: 10, keptDocuments: 4, tokens: 100 }],
  mixed: [],
  warnings: [],
};

/** Answers with the quantile as the number of kept documents, when told to. */
function fakeCore() {
  const asked: { readonly quantile: number; readonly aborted: () => boolean; answer(): void }[] = [];
  const client: LabClient = {
    quality: {
      thresholds: (({ choice }: { choice: FilterChoice }, options: { signal: AbortSignal }) =>
        new Promise<ThresholdResult>((resolve) => {
          const quantile = choice.quantiles.overall;
          asked.push({
            quantile,
            aborted: () => options.signal.aborted,
            answer: () => resolve(resultOf(quantile)),
          });
        })) as LabClient['quality']['thresholds'],
    },
  };
  return { client, asked };
}

function resultOf(keptDocuments: number): ThresholdResult {
  return {
    thresholds: {},
    languages: {},
    total: {
      documents: 10,
      keptDocuments,
      tokens: null,
      keptTokens: null,
      fw2Documents: null,
      fw2Tokens: null,
      tokenChangePercent: null,
    },
    meanTokenChangePercent: null,
    cuts: [],
    tokenLabel: '',
    filter: { heads: [], thresholds: {}, operator: 'gte', rule: { kind: 'all' } },
  };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
const ready: DescribeEvent = { kind: 'ready', description };

describe('a lab', () => {
  test('starts from what the link says, and from defaults where it says nothing', async () => {
    const { client, asked } = fakeCore();
    const lab = createLab(client, ['a.parquet']);
    lab.opened({ kind: 'progress', doneRows: 1, totalRows: 10 }, new URLSearchParams());
    expect(lab.store.getState().progress?.doneRows).toBe(1);
    lab.opened(ready, new URLSearchParams('q=0.8&language=ita_Latn'));
    expect(asked.map(({ quantile }) => quantile)).toEqual([0.8]);
    asked[0]?.answer();
    await turn();
    const { settled, language, cell } = lab.store.getState();
    expect(settled?.result.total.keptDocuments).toBe(0.8);
    expect([language, cell]).toEqual(['ita_Latn', { fw2: 'removed', jql: 'kept' }]);
    expect(lab.parameters()).toEqual({ q: '0.8', language: 'ita_Latn', cell: 'removed-kept' });
  });

  test('shows answers under a moving handle but settles only when it is let go', async () => {
    const { client, asked } = fakeCore();
    const lab = createLab(client, ['a.parquet']);
    lab.opened(ready, new URLSearchParams());
    asked[0]?.answer();
    await turn();
    const { choice } = lab.store.getState();
    for (const quantile of [0.61, 0.62, 0.63]) lab.preview(withQuantile(choice, everywhere, quantile));
    asked[1]?.answer();
    await turn();
    expect(lab.store.getState().newest?.result.total.keptDocuments).toBe(0.61);
    expect(lab.store.getState().settled?.result.total.keptDocuments).toBe(0.6);
    lab.settle();
    expect(asked.map(({ quantile }) => quantile)).toEqual([0.6, 0.61, 0.63, 0.63]);
    expect(asked[2]?.aborted()).toBe(true);
    asked[3]?.answer();
    await turn();
    expect(lab.store.getState().settled?.result.total.keptDocuments).toBe(0.63);
  });

  test('asks nothing again when the last answer under the handle is the one wanted', async () => {
    const { client, asked } = fakeCore();
    const lab = createLab(client, ['a.parquet']);
    lab.opened(ready, new URLSearchParams());
    asked[0]?.answer();
    await turn();
    lab.preview(withQuantile(lab.store.getState().choice, everywhere, 0.7));
    asked[1]?.answer();
    await turn();
    lab.settle();
    expect(asked).toHaveLength(2);
    expect(lab.store.getState().settled).toBe(lab.store.getState().newest);
  });

  test('follows another link, but not one that says what is so already', async () => {
    const { client, asked } = fakeCore();
    const lab = createLab(client, ['a.parquet']);
    lab.opened(ready, new URLSearchParams('q=0.7'));
    asked[0]?.answer();
    await turn();
    lab.follow(new URLSearchParams(lab.parameters()));
    expect(asked).toHaveLength(1);
    lab.follow(new URLSearchParams('q=0.9&rule=any&language=nowhere&cell=kept'));
    expect(asked).toHaveLength(2);
    const state = lab.store.getState();
    expect(state.choice.rule).toEqual({ kind: 'any' });
    expect(state.language).toBeNull();
    expect(state.cell).toEqual({ fw2: 'removed', jql: 'kept' });
  });
});
