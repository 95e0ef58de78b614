// What a corpus holds, in the words of the contract: from its score table, without reading a document.
import type { QualityDescription } from '../../api/quality.ts';
import type { Corpus } from './corpus.ts';
import { NO_LANGUAGE } from '../datasets/document-facts.ts';
import { mixedOrigins, originWarnings } from './origins.ts';

/** Shown as given: `nameOf` turns a path on disk into the name the caller uses. */
export function describeCorpus(corpus: Corpus, nameOf: (path: string) => string): QualityDescription {
  const { table, files, columns } = corpus;
  const { facts } = table;
  const headNames = new Map([...columns].map(([name, column]) => [column, name]));
  return {
    files: files.map(({ source }) => ({
      path: nameOf(source.path),
      format: source.info.format,
      rows: source.info.rows,
      sizeBytes: source.info.sizeBytes,
    })),
    documents: table.documents,
    textColumn: facts.textColumn,
    idColumn: facts.idColumn,
    languageSource: facts.languageSource,
    keptSource: facts.keptSource,
    filterReasonColumn: facts.filterReasonColumn,
    tokens: facts.tokens,
    heads: table.heads.map(({ column, scored, missing, infinite, low, high }) => ({
      name: headNames.get(column) ?? column,
      column,
      scored,
      missing,
      infinite,
      low,
      high,
    })),
    languages: table.languages.map((language) => ({
      language: language.name,
      documents: language.documents,
      keptDocuments: facts.keptSource === null ? null : language.keptDocuments,
      tokens: facts.tokens.kind === 'none' ? null : language.tokens,
    })),
    mixed: mixedOrigins(
      corpus,
      table.heads.map(({ column }) => column),
    ),
    warnings: corpusWarnings(corpus),
  };
}

const documentsOf = (count: number): string =>
  `${count.toLocaleString('en')} ${count === 1 ? 'document' : 'documents'}`;

/** What changes how far the numbers can be trusted. */
export function corpusWarnings(corpus: Corpus): string[] {
  const { table, files } = corpus;
  const { facts, heads, languages } = table;
  const columns = heads.map(({ column }) => column);
  const warnings: string[] = [...originWarnings(corpus, columns)];
  if (facts.tokens.kind === 'estimated') {
    warnings.push('Tokens are estimated as characters divided by 4: nothing counted them');
  }
  const withoutTokens = languages.reduce((sum, language) => sum + language.withoutTokens, 0);
  if (facts.tokens.kind === 'column' && withoutTokens > 0) {
    warnings.push(`${documentsOf(withoutTokens)} without a token count weigh nothing in tokens`);
  }
  for (const { column, missing, infinite, scored } of heads) {
    if (scored === 0 && missing > 0) warnings.push(`${column} holds no number: nothing passes this head`);
    else if (missing > 0)
      warnings.push(`${documentsOf(missing)} without a score in ${column} never pass this head`);
    if (infinite > 0) warnings.push(`${documentsOf(infinite)} with an infinite score in ${column}`);
    const without = files.filter(({ leaves }) => !leaves.some((leaf) => leaf.name === column)).length;
    if (without > 0) warnings.push(`${without} of ${files.length} files have no column ${column}`);
  }
  const unnamed = languages.find(({ name }) => name === NO_LANGUAGE);
  if (unnamed && languages.length > 1) {
    warnings.push(
      `${documentsOf(unnamed.documents)} without a language are counted together as ${NO_LANGUAGE}`,
    );
  }
  const unflagged = languages.reduce((sum, language) => sum + language.documents - language.flagged, 0);
  if (facts.keptSource !== null && unflagged > 0) {
    warnings.push(`${documentsOf(unflagged)} without a kept flag count as removed by FineWeb-2`);
  }
  const broken = files.reduce((sum, { source }) => sum + source.info.brokenLines.count, 0);
  if (broken > 0) warnings.push(`${broken.toLocaleString('en')} broken lines are left out`);
  return warnings;
}
