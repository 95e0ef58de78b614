// Embedding documents against the official way (PyTorch on the processor, document order, padded to the longest of a batch): the
// same random weights of the same architecture, the same texts, the same threads. Needs a Python with torch and transformers, which
// NESSO_PYTHON names. NESSO_BENCH_MODEL names a folder that make.py made, NESSO_BENCH_EMBED_DOCUMENTS how many are embedded.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomHead, scoreDocuments } from '../../core/lib/jql/head.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import { spearman } from '../../core/lib/statistics/spearman.ts';
import { openOnnxEmbedder } from '../../core/services/embedders/onnx-embedder.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { createHeadScorer } from '../../core/services/scoring/head-scorer.ts';
import type { Measurement } from './measurement.ts';

/** As the official annotator, but smaller: a thousand documents padded to the longest of them would not fit here. */
const OFFICIAL_BATCH = 32;
/** Layers and width of the model that is made when none is named: those of arctic-embed-m-v2.0. */
const LAYERS = 12;
const HIDDEN = 768;
/** Few, so that both sides take a minute or so. */
const DOCUMENTS = Number(process.env['NESSO_BENCH_EMBED_DOCUMENTS'] ?? 48);
/** Words; web documents are about lognormal. */
const MEDIAN_WORDS = 40;
const SPREAD = 0.9;

export async function bench(): Promise<readonly Measurement[]> {
  const python = process.env['NESSO_PYTHON'];
  if (python === undefined) {
    console.log('embed: skipped, NESSO_PYTHON names no Python with torch and transformers');
    return [];
  }
  const appFolder = findAppFolder(import.meta.dirname);
  const scripts = join(appFolder, 'test', 'fixtures', 'embedder');
  const work = mkdtempSync(join(tmpdir(), 'nesso-bench-embed-'));
  try {
    const named = process.env['NESSO_BENCH_MODEL'];
    const folder = named ?? join(work, 'model');
    const quiet = {
      stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    };
    if (named === undefined) {
      execFileSync(python, [join(scripts, 'make.py'), folder, String(LAYERS), String(HIDDEN)], quiet);
    }
    const texts = sampleTexts(join(appFolder, 'resources/sample-workspace/data/documents.jsonl'));
    writeFileSync(join(work, 'texts.json'), JSON.stringify(texts));
    const threads = Math.max(1, Math.min(availableParallelism(), 8));

    await using embedder = await openOnnxEmbedder({ folder, appFolder, threads });
    const { dimensions } = embedder.identity;
    let tokens = 0;
    let vectors: Float32Array = new Float32Array();
    const embedMs = async (): Promise<number> => {
      tokens = 0;
      const startMs = performance.now();
      vectors = await embedder.embed(texts, { onPart: (part) => void (tokens += part.tokens) });
      return performance.now() - startMs;
    };
    const firstMs = await embedMs();

    const heads = [1, 2, 3].map((seed) => randomHead(dimensions, 1000, seededRandom(seed)));
    await using scorer = createHeadScorer(heads, appFolder);
    await scorer.score(vectors.slice(0, dimensions));
    const headStartMs = performance.now();
    await scorer.score(vectors);
    const headMs = performance.now() - headStartMs;

    const out = join(work, 'official.f32');
    const words = [folder, join(work, 'texts.json'), String(OFFICIAL_BATCH), String(threads), out];
    const theirWay = () =>
      JSON.parse(execFileSync(python, [join(scripts, 'official-way.py'), ...words], quiet).toString()) as {
        embedMs: number;
        tokens: number;
        paddedTokens: number;
      };
    // In turns, theirs between two of ours and twice itself; the smallest of each, because everything else only adds.
    const official = theirWay();
    const oursMs = Math.min(firstMs, await embedMs());
    official.embedMs = Math.min(official.embedMs, theirWay().embedMs);
    const bytes = readFileSync(out);
    const theirs = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    // The one of the heads whose order of the documents differs most.
    const agreement = Math.min(
      ...heads.map(
        (head) => spearman([...scoreDocuments(head, vectors)], [...scoreDocuments(head, theirs)]).coefficient,
      ),
    );
    const farthest = vectors.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (theirs[at] ?? 9))),
      0,
    );
    if (official.tokens !== tokens || agreement < 0.9999) {
      throw new Error(
        `Not the same work: ${tokens} tokens, theirs ${official.tokens}; Spearman ${agreement}, vectors within ${farthest.toExponential(1)}`,
      );
    }
    const rate = (ms: number): string => `${Math.round((texts.length / ms) * 60_000)} documents/minute`;
    console.log(
      `embed: ${texts.length} documents, ${tokens} tokens (${official.paddedTokens} padded the official way), ${rate(oursMs)} against ${rate(official.embedMs)}, Spearman ${agreement.toFixed(6)}, vectors within ${farthest.toExponential(1)}`,
    );
    return [
      {
        name: `Embedding ${texts.length} documents, ${dimensions} wide`,
        oursMs,
        anchorMs: official.embedMs,
        anchor: 'PyTorch, document order, padded',
        limit: 0.5,
      },
      {
        name: 'Three heads of 1,000 units over their vectors',
        oursMs: headMs,
        anchorMs: oursMs,
        anchor: 'the time to embed them',
        limit: 0.01,
      },
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function sampleTexts(path: string): readonly string[] {
  const random = seededRandom(11);
  const words = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => (JSON.parse(line) as { text: string }).text.split(/\s+/));
  return Array.from({ length: DOCUMENTS }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const count = Math.max(5, Math.round(MEDIAN_WORDS * Math.exp(SPREAD * normal)));
    const first = Math.floor(random() * words.length);
    return Array.from({ length: count }, (_, index) => words[(first + index) % words.length]).join(' ');
  });
}
