// Answers of a made-up judge to the sample documents: no model wrote them. Like real ones they are noisy, and some hold no score:
// the last line is missing, translated, outside of the scale or no whole number, or nothing came at all.
import { type Judgement, judgement } from '../../core/lib/judges/judgement.ts';
import { type JudgementLine, judgementLine } from '../../core/lib/judges/judgement-line.ts';
import { judgeText, type JudgeTemplate } from '../../core/lib/judges/judge-template.ts';
import { scoreParser } from '../../core/lib/judges/parse-score.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import { wholeDataset } from '../../core/lib/datasets/view.ts';
import type { Random } from './compose.ts';

const SEED = 21;
const MODEL = 'made-up-judge';
/** The first answer; a second between two samples. 2 November 2026. */
const START_SECONDS = 1_793_610_000;

export interface JudgedDocument {
  readonly id: string;
  readonly text: string;
  readonly language: string;
  readonly language_script: string;
  readonly rating: number;
}

/** Share of documents that the judge cannot score at all, by language: as real judges do, it fails more often far from English. */
const lostShare: Readonly<Record<string, number>> = {
  eng: 0,
  deu: 0.03,
  spa: 0.03,
  fra: 0.05,
  ita: 0.05,
  por: 0.1,
  ron: 0.2,
};
/** Share of single answers without a score elsewhere. */
const SLIP = 0.03;

const opinions: readonly (readonly string[])[] = [
  ['Menus and offers, nothing that teaches.', 'Only advertising; no subject is touched.'],
  ['A school subject is named, but hardly explained.', 'A few facts between notices.'],
  ['Some of it explains a subject, without much order.', 'Part of it could help, the rest distracts.'],
  ['It introduces an idea of a curriculum and hangs together.', 'Clear enough to be handed out, with gaps.'],
  ['Reads like a section of a schoolbook, with an example.', 'Well ordered and at the right level.'],
  ['Complete, in small steps, ready to be taught from.', 'Thorough, with questions and a summary.'],
];

/** The last line as a judge writes it that forgets to answer in English. */
const translated: Readonly<Record<string, string>> = {
  deu: 'Punktzahl für den Unterricht:',
  spa: 'Puntuación educativa:',
  fra: 'Note éducative :',
  ita: 'Punteggio educativo:',
  por: 'Pontuação educativa:',
  ron: 'Scor educațional:',
  eng: 'Score:',
};

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

function withScore(random: Random, score: number, template: JudgeTemplate): string {
  return `${pick(random, opinions[score] ?? [])}\n${template.label} ${score}`;
}

/** An answer without a score, in one of the ways in which models miss it. */
function withoutScore(random: Random, score: number, language: string, template: JudgeTemplate): string {
  const opinion = pick(random, opinions[score] ?? []);
  switch (Math.floor(random() * 5)) {
    case 0:
      return `${opinion}\n${translated[language] ?? 'Score:'} ${score}`;
    case 1:
      return `${opinion}\n${template.label} ${score}.5`;
    case 2:
      return `${opinion}\n${template.label} ${6 + score}`;
    case 3:
      return `${opinion} Point by point: the first statement holds,`;
    default:
      return '';
  }
}

export function judgeDocuments(
  documents: readonly JudgedDocument[],
  template: JudgeTemplate,
): readonly JudgementLine[] {
  const random = seededRandom(SEED);
  const parser = scoreParser(template, 'exact');
  const { samples } = template.sampling;
  return documents.map(({ id, text, language, language_script: script, rating }, place) => {
    const isLost = random() < (lostShare[language] ?? 0);
    const explanations = Array.from({ length: samples }, () => {
      const score = Math.min(5, Math.max(0, Math.round(0.9 * rating + 0.2 + 0.55 * normal(random))));
      return isLost || random() < SLIP
        ? withoutScore(random, score, language, template)
        : withScore(random, score, template);
    });
    const parsed = explanations.map((explanation) => parser.parse(explanation));
    return judgementLine.parse({
      document_id: id,
      language: `${language}_${script}`,
      scores: parsed.map(({ score }) => score),
      explanations,
      errors: explanations.map(() => []),
      time_stamps: explanations.map((_, sample) => START_SECONDS + place * samples + sample),
      document_processing_status: parsed.map(({ status }) => status),
      meta_information: {
        prompt_name: 'educational',
        prompt_lang: template.language,
        model_name: MODEL,
        raw_data_file_path: 'data/documents.jsonl',
        out_tokens_per_second: null,
      },
      usage: {
        prompt_tokens: samples * Math.round((text.length + template.prompt.length) / 4),
        completion_tokens: explanations.reduce((sum, own) => sum + Math.ceil(own.length / 4), 0),
        counted_by: 'estimate',
        requests: samples,
        truncated: false,
      },
    } satisfies JudgementLine);
  });
}

/** What judgement.json says of it. */
export function describeJudgement(
  template: JudgeTemplate,
  source: { readonly sizeBytes: number; readonly sha256: string },
  documents: number,
  hash: (text: string) => string,
): Judgement {
  const createdMs = 1000 * START_SECONDS;
  return judgement.parse({
    format: 'nesso-judgement',
    version: 1,
    createdMs,
    judge: { name: 'educational', sha256: hash(judgeText(template)), template },
    rule: 'exact',
    endpoint: { baseUrl: 'http://localhost:8000/v1', api: 'chat', model: MODEL, keyName: null },
    reportedModel: `${MODEL}, written by a script`,
    source: {
      path: 'data/documents.jsonl',
      files: 1,
      sizeBytes: source.sizeBytes,
      modifiedMs: createdMs,
      sha256: source.sha256,
      textColumn: 'text',
      idColumn: 'id',
      language: 'language + language_script',
    },
    selection: { kind: 'all' },
    view: wholeDataset,
    tokens: { label: 'estimated, 4 characters a token', tokenizer: null },
    effort: { concurrency: 8, timeoutSeconds: 120, retries: 5, stopAboveInvalid: null },
    price: null,
    documents,
    emptyDocuments: 0,
    ended: {
      kind: 'finished',
      atMs: createdMs + 1000 * documents * template.sampling.samples,
      message: 'Made up for the sample workspace: no model was asked',
    },
  } satisfies Judgement);
}
