// Answers to benchmarks: indexing a file of samples against reading and parsing its lines, and a page of questions from a kept index
// against going through the file for it. Exports: bench. In turns; the fastest round of each counts.
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { selectQuestions, pairQuestions } from '../../core/lib/evaluations/questions/select-questions.ts';
import { drawBootstrap } from '../../core/lib/evaluations/paired-test.ts';
import { openDrawsRoom } from '../../core/services/evaluations/progress/draws-room.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { buildIndex } from '../../core/services/evaluations/questions/build-index.ts';
import { createIndexStore } from '../../core/services/evaluations/questions/index-store.ts';
import { readQuestions } from '../../core/services/evaluations/questions/read-lines.ts';
import type { Measurement } from './measurement.ts';

const ROUNDS = 3;
const QUESTIONS = 50_000;
/** Characters of a five-shot prompt; each of four requests of a question holds it. */
const PROMPT = 300;
const PAGE = 100;
const LETTERS = ['A', 'B', 'C', 'D'];

export async function bench(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'nesso-bench-'));
  try {
    const path = join(folder, 'samples_many_1.jsonl');
    await writeSamples(path);
    return [await indexing(path), await paging(path, folder), await comparing()];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeSamples(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let at = 0; at < QUESTIONS; at += 1000) {
      const lines = Array.from({ length: 1000 }, (_, index) => sampleLine(at + index));
      await file.appendFile(`${lines.join('\n')}\n`);
    }
  } finally {
    await file.close();
  }
}

function sampleLine(id: number): string {
  const prompt = `Domanda ${id}: quale città è più grande? `.repeat(Math.ceil(PROMPT / 40)).slice(0, PROMPT);
  return JSON.stringify({
    doc_id: id,
    doc: { question: prompt, subject: `materia ${id % 57}` },
    target: 'ABCD'.charAt(id % 4),
    arguments: Object.fromEntries(
      LETTERS.map((letter, place) => [`gen_args_${place}`, { arg_0: prompt, arg_1: ` ${letter}` }]),
    ),
    filtered_resps: LETTERS.map((_, place) => [String(-1 - ((id * 7 + place * 3) % 11) / 10), 'False']),
    filter: 'none',
    metrics: ['acc'],
    doc_hash: id.toString(16).padStart(64, '0'),
    acc: id % 3 === 0 ? 1 : 0,
  });
}

async function indexing(path: string): Promise<Measurement> {
  const [ours, anchor]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    let began = performance.now();
    const { count } = await buildIndex(path);
    ours.push(performance.now() - began);
    if (count !== QUESTIONS) throw new Error('Questions were lost');
    began = performance.now();
    await parseAll(path);
    anchor.push(performance.now() - began);
  }
  return {
    name: `evaluations: an index of ${QUESTIONS.toLocaleString('en-US')} answered questions`,
    oursMs: Math.min(...ours),
    anchorMs: Math.min(...anchor),
    anchor: 'reading and parsing the lines',
    limit: 3,
  };
}

async function paging(path: string, folder: string): Promise<Measurement> {
  const cacheFolder = async () => join(folder, 'cache');
  await createIndexStore({ cacheFolder }).open(path);
  const [ours, anchor]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    let began = performance.now();
    // As a studio that was just started: the index is on the disk.
    const index = await createIndexStore({ cacheFolder }).open(path);
    const parts = [{ task: 'many', index }];
    const { all } = pairQuestions({ parts, metric: 'acc', filter: 'none' }, null);
    const shown = selectQuestions(all, parts, {
      show: 'wrong',
      subject: 'materia 5',
      minLength: null,
      maxLength: null,
      found: null,
      order: 'file',
    }).slice(-PAGE);
    const rows = await readQuestions(
      path,
      index,
      shown.map(({ row }) => row),
    );
    ours.push(performance.now() - began);
    if (rows.length !== PAGE) throw new Error('A page was not whole');
    began = performance.now();
    await parseAll(path);
    anchor.push(performance.now() - began);
  }
  return {
    name: 'evaluations: a page of wrong questions of one subject',
    oursMs: Math.min(...ours),
    anchorMs: Math.min(...anchor),
    anchor: 'going through the file',
    limit: 0.75,
  };
}

/** How long nobody else is heard while the answers of two models are compared. */
async function comparing(): Promise<Measurement> {
  const differences = Float64Array.from({ length: QUESTIONS }, (_, id) =>
    id % 7 === 0 ? 1 : id % 11 === 0 ? -1 : 0,
  );
  const options = { resamples: 2000, seed: 1 };
  await using room = openDrawsRoom(findAppFolder(import.meta.dirname));
  const [ours, anchor]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await longestPause(() => room.draws(differences, options)));
    anchor.push(await longestPause(async () => drawBootstrap(differences, options)));
  }
  return {
    name: `evaluations: longest silence of core while ${QUESTIONS.toLocaleString('en-US')} questions are drawn 2,000 times`,
    oursMs: Math.min(...ours),
    anchorMs: Math.min(...anchor),
    anchor: 'drawing them in core',
    limit: 0.1,
  };
}

/** Between two turns of the event loop, ms. */
async function longestPause(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let before = performance.now();
  const ticking = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
  }, 1);
  await work();
  longest = Math.max(longest, performance.now() - before);
  clearInterval(ticking);
  return longest;
}

async function parseAll(path: string): Promise<void> {
  let right = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
    const sample = JSON.parse(line) as { acc: number };
    right += sample.acc;
  }
  if (right === 0) throw new Error('Nothing was parsed');
}
