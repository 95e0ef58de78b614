// Writes the documents of the sample workspace (JSONL and Parquet): original text from the banks beside this file,
// with three raters, their aggregate, and three noisy head scores; and the answers of a made-up judge to them, some of which hold
// no score. Deterministic. Run by maintainers only:
//   node scripts/make-sample-documents.mjs
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { seededRandom } from '../core/lib/jql/random.ts';
import { aggregateLine } from '../core/lib/judges/judgement-line.ts';
import { parseJudge } from '../core/lib/judges/judge-template.ts';
import { aggregateRating } from '../core/lib/statistics/ratings.ts';
import { compose, documentKinds, type Random } from './sample-documents/compose.ts';
import { english } from './sample-documents/english.ts';
import { french } from './sample-documents/french.ts';
import { german } from './sample-documents/german.ts';
import { italian } from './sample-documents/italian.ts';
import { describeJudgement, judgeDocuments, type JudgedDocument } from './sample-documents/judge.ts';
import { portuguese } from './sample-documents/portuguese.ts';
import { romanian } from './sample-documents/romanian.ts';
import { spanish } from './sample-documents/spanish.ts';

const SEED = 20;
const DOCUMENTS_PER_LANGUAGE = 64;
const banks = [italian, english, spanish, french, portuguese, german, romanian];
/** How strictly the three raters judge, and how far each head's scores lie from the quality of the text. */
const raterBias = [-0.3, 0.05, 0.25];
const heads = [
  { name: 'score_gemma', scale: 0.95, offset: 0.1, noise: 0.35 },
  { name: 'score_mistral', scale: 0.85, offset: 0.3, noise: 0.5 },
  { name: 'score_llama', scale: 1.05, offset: -0.2, noise: 0.6 },
] as const;

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function makeDocuments() {
  const random = seededRandom(SEED);
  const documents = banks.flatMap((bank) =>
    Array.from({ length: DOCUMENTS_PER_LANGUAGE }, (_, index) => {
      const kind = documentKinds[index % documentKinds.length] ?? 'article';
      const { lines, quality, filterReason } = compose(kind, bank, random);
      const text = lines.join('\n');
      const ratings = raterBias.map((bias) =>
        Math.min(5, Math.max(0, Math.round(quality + bias + 0.35 * normal(random)))),
      );
      const scores = heads.map(({ name, scale, offset, noise }) => [
        name,
        Math.fround(offset + scale * quality + noise * normal(random)),
      ]);
      return {
        id: `${bank.language}-${String(index + 1).padStart(4, '0')}`,
        text,
        language: bank.language,
        language_script: bank.script,
        url: `https://${kind}.${bank.language}.example.org/${1000 + Math.floor(random() * 9000)}`,
        dump: `CC-MAIN-20${16 + Math.floor(random() * 9)}-${10 + Math.floor(random() * 40)}`,
        token_count: Math.max(1, Math.round(text.length / 4)),
        ratings,
        rating: aggregateRating(ratings),
        ...Object.fromEntries(scores),
        fw2_kept: filterReason === null,
        filter_reason: filterReason,
      };
    }),
  );
  // Languages and kinds mixed, as in a crawl; the order is part of the seed.
  return documents
    .map((document) => ({ document, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ document }) => document);
}

export async function makeSampleDocuments(folder: string): Promise<number> {
  const documents = makeDocuments();
  await mkdir(folder, { recursive: true });
  const jsonl = join(folder, 'documents.jsonl');
  await writeFile(jsonl, documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const text = (path: string): string => `'${path.replaceAll("'", "''")}'`;
  await connection.run(`
    COPY (SELECT * FROM read_json(${text(jsonl)}, format = 'newline_delimited', columns = {
      id: 'VARCHAR', text: 'VARCHAR', language: 'VARCHAR', language_script: 'VARCHAR', url: 'VARCHAR', dump: 'VARCHAR',
      token_count: 'BIGINT', ratings: 'INTEGER[]', rating: 'DOUBLE', score_gemma: 'FLOAT', score_mistral: 'FLOAT',
      score_llama: 'FLOAT', fw2_kept: 'BOOLEAN', filter_reason: 'VARCHAR'}))
    TO ${text(join(folder, 'documents.parquet'))} (FORMAT parquet, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
  return documents.length;
}

const hash = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Over `documents.jsonl` in `data`; writes the folder `judgement`. `judges` holds the shipped prompts. */
export async function makeSampleJudgement(folders: {
  readonly data: string;
  readonly judges: string;
  readonly judgement: string;
}): Promise<number> {
  const bytes = await readFile(join(folders.data, 'documents.jsonl'));
  const documents = bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JudgedDocument);
  const template = parseJudge(
    await readFile(join(folders.judges, 'educational.yaml'), 'utf8'),
    'educational',
  );
  const lines = judgeDocuments(documents, template);
  const source = { sizeBytes: bytes.byteLength, sha256: hash(bytes) };
  const described = describeJudgement(template, source, documents.length, hash);
  await mkdir(folders.judgement, { recursive: true });
  const write = (name: string, values: readonly unknown[]) =>
    writeFile(join(folders.judgement, name), values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  await writeFile(join(folders.judgement, 'judgement.json'), `${JSON.stringify(described, null, 1)}\n`);
  await write('annotations.jsonl', lines);
  await write('aggregated.jsonl', lines.map(aggregateLine));
  return lines.length;
}
