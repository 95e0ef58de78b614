// Turns a choice of quantiles into a recipe: thresholds, what they were taken from, and what they kept there.
import type { FilterChoice } from '../../api/quality.ts';
import type { Recipe } from '../../lib/quality/recipe.ts';
import type { Corpus } from './corpus.ts';
import { withOrigins } from './origins.ts';
import { type Asking, computeThresholds } from './thresholds.ts';

export async function makeRecipe(
  corpus: Corpus,
  request: {
    readonly choice: FilterChoice;
    readonly name: string;
    readonly note: string;
    readonly nameOf: (path: string) => string;
  },
  asking: Asking,
): Promise<Recipe> {
  const { table, files } = corpus;
  const { choice, name, note, nameOf } = request;
  const computed = await computeThresholds(corpus, choice, asking);
  const origins = withOrigins(computed.filter.heads, corpus);
  return {
    ...computed.filter,
    heads: origins.heads,
    format: 'nesso-filter',
    version: 1,
    name,
    note,
    createdAt: new Date().toISOString(),
    quantile: { method: 'type-7', choice: choice.quantiles },
    population: {
      kind: 'all-documents',
      documents: Object.fromEntries(
        table.languages.map(({ name: language, documents }) => [language, documents]),
      ),
    },
    embedder: origins.embedder,
    source: {
      files: files.map(({ source }) => ({
        path: nameOf(source.path),
        sizeBytes: source.info.sizeBytes,
        rows: source.info.rows,
      })),
      language: table.facts.languageSource,
      tokens: table.facts.tokens.label,
      tokenizer: table.facts.tokens.tokenizer,
      kept: table.facts.keptSource,
    },
    result: {
      languages: computed.languages,
      total: computed.total,
      meanTokenChangePercent: computed.meanTokenChangePercent,
    },
  };
}
