// Published sets by their columns, as their cards list them, and by the folders that they are kept in.
import { expect, it } from 'vitest';
import { recognise, type RecognisableColumn } from '../../../../../core/lib/datasets/recognise.ts';

/** `name:type`, text by default; a dot makes a field. */
function columns(text: string): readonly RecognisableColumn[] {
  return text.split(' ').map((part) => {
    const [name = '', type = 's'] = part.split(':');
    const types: Readonly<Record<string, string>> = { s: 'VARCHAR', i: 'BIGINT', f: 'DOUBLE', b: 'BOOLEAN' };
    const path = name.split('.');
    return {
      name,
      type: types[type] ?? 'VARCHAR[]',
      numeric: type === 'i' || type === 'f',
      ...(path.length > 1 ? { path } : {}),
    };
  });
}

const fineWeb = 'text id dump url date file_path language language_score:f token_count:i';
const fineWeb2 =
  'text id dump url date file_path language language_score:f language_script minhash_cluster_size:i top_langs';
const finePdfs =
  'text id dump url date file_path offset:i token_count:i language page_average_lid page_average_lid_score:f full_doc_lid ' +
  'full_doc_lid_score:f per_page_languages:l is_truncated:b extractor page_ends:l';

it.each([
  ['fineweb', fineWeb, 'data/CC-MAIN-2024-10/000_00000.parquet', 'FineWeb'],
  ['fineweb-edu', `${fineWeb} score:f int_score:i`, 'data/CC-MAIN-2024-10/000_00000.parquet', 'FineWeb-Edu'],
  [
    'fineweb-edu-fortified',
    `${fineWeb} score:f int_score:i embedding:l count:i`,
    'data/x/0.parquet',
    'FineWeb-Edu fortified',
  ],
  [
    'fineweb-edu-llama3-annotations',
    'text metadata.date:i metadata.dump metadata.file_path metadata.language metadata.token_count:i metadata.url prompt score:i',
    'data/0.parquet',
    'FineWeb-Edu Llama 3 annotations',
  ],
  ['fineweb-2', fineWeb2, 'data/ita_Latn/train/000_00000.parquet', 'FineWeb-2, train · ita_Latn'],
  ['fineweb-2', fineWeb2, 'C:\\data\\deu_Latn\\test\\000_00000.parquet', 'FineWeb-2, test · deu_Latn'],
  [
    'fineweb-2',
    `${fineWeb2} filter_reason`,
    'data/ita_Latn_removed/train/000_00000.parquet',
    'FineWeb-2, removed · ita_Latn',
  ],
  ['fineweb-2', `${fineWeb2} filter_reason`, 'rest.parquet', 'FineWeb-2, removed'],
  ['fineweb-2', `${fineWeb2} filter_reason fw2_kept:b`, 'kept.parquet', 'FineWeb-2, kept and removed'],
  ['fineweb2-hq', `${fineWeb2} quality_score:f embeddings:l`, 'ita_Latn/0.parquet', 'FineWeb2-HQ · ita_Latn'],
  ['finepdfs', finePdfs, 'data/ita_Latn/train/0.parquet', 'FinePDFs · ita_Latn'],
  [
    'finepdfs-edu',
    `${finePdfs} fw_edu_scores:l minhash_cluster_size:i duplicate_count:i`,
    'data/ita_Latn/train/0.parquet',
    'FinePDFs-Edu · ita_Latn',
  ],
  [
    'starcoderdata',
    'max_stars_repo_path max_stars_repo_name max_stars_count:i id content',
    'python/train-00000-of-00059.parquet',
    'StarCoder data',
  ],
  [
    'fineweb-c',
    'text id educational_value_labels:l annotator_ids:l problematic_content_label_present:b',
    'dan_Latn/train.parquet',
    'FineWeb-C · dan_Latn',
  ],
  ['jql-human', 'text score:f metadata.language metadata.id', 'test.jsonl', 'JQL human ratings'],
  ['jql-llm', 'text language edu_score.gemma:f edu_score.llama:f id', 'train.parquet', 'JQL LLM ratings'],
  ['jql-scores', 'id score_a:f score_b:f', 'fw2_edu_scores/ita_Latn/0.parquet', 'JQL scores · ita_Latn'],
  ['datatrove', 'text id media:l metadata.url metadata.score_x:f', 'out/00000.parquet', 'datatrove output'],
])('%s', (set, text, path, title) => {
  expect(recognise(columns(text), [path])).toMatchObject({ set, title });
});

it.each([
  ['anything with a text', 'text id label:i'],
  ['one column short of FineWeb-2', fineWeb2.replace(' top_langs', '').replace(' file_path', '')],
  ['metadata beside columns that datatrove does not write', 'text id label metadata.url'],
])('is none of them: %s', (_, text) => {
  expect(recognise(columns(text), ['a.parquet'])).toMatchObject({ set: null, title: null });
});

it('says which column plays which part, and where the kept flag comes from', () => {
  const path = 'data/ita_Latn_removed/train/000_00000.parquet';
  const removed = recognise(columns(`${fineWeb2} filter_reason score_edu:f`), [path]);
  expect(removed.roles).toEqual([
    { role: 'text', column: 'text' },
    { role: 'id', column: 'id' },
    { role: 'language', column: 'language' },
    { role: 'script', column: 'language_script' },
    { role: 'filter-reason', column: 'filter_reason' },
    { role: 'url', column: 'url' },
    { role: 'dump', column: 'dump' },
    { role: 'score', column: 'score_edu' },
  ]);
  expect(removed).toMatchObject({
    language: 'ita_Latn',
    languageName: 'Italian',
    keptFrom: 'folder name (_removed)',
  });
  expect(recognise(columns('text kept:b'), ['a.jsonl']).keptFrom).toBe('column kept');
  expect(recognise(columns('text filter_reason'), ['a.jsonl']).keptFrom).toBe(
    'column filter_reason is empty',
  );
  expect(recognise(columns('content max_stars_count:i'), ['a.jsonl']).roles[0]).toEqual({
    role: 'text',
    column: 'content',
  });
});

it('names what several folders have in common', () => {
  const both = ['data/ita_Latn/train/0.parquet', 'data/ita_Latn_removed/train/0.parquet'];
  expect(recognise(columns(fineWeb2), both).title).toBe('FineWeb-2, kept and removed · ita_Latn');
  const two = ['data/ita_Latn/train/0.parquet', 'data/deu_Latn/train/0.parquet'];
  expect(recognise(columns(fineWeb2), two)).toMatchObject({
    title: 'FineWeb-2, train · 2 languages',
    language: null,
  });
});
