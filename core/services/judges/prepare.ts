// From what a person asks for to a judgement that can run: the documents chosen, the prompt checked, the source identified.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { DatasetView } from '../../lib/datasets/view.ts';
import { promptBuilder } from '../../lib/judges/judge-prompt.ts';
import { type JudgeTemplate, judgeText } from '../../lib/judges/judge-template.ts';
import {
  differences,
  type JudgeApi,
  type JudgeEffort,
  type Judgement,
  type JudgePrice,
  type JudgeSelection,
  sameSource,
} from '../../lib/judges/judgement.ts';
import type { ParseRule } from '../../lib/judges/parse-score.ts';
import { estimatedMeter, type TokenMeter } from '../../lib/judges/token-meter.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import type { DatasetSource } from '../datasets/source.ts';
import { versionOf } from '../files/read-text.ts';
import { exactMeter } from '../tokenizers/exact-meter.ts';
import type { TokenWorkers } from '../tokenizers/token-workers.ts';
import { readBaseUrl } from './endpoint.ts';
import { judgedColumns, readSelected, selectDocuments, type SelectedDocument } from './select-documents.ts';

/** Hashing what is larger takes longer than anyone waits at a start: its size and time identify it. */
const MAX_HASHED_BYTES = 2_147_483_648;
/** No tokenizer in use makes tokens of more characters than this on average; what is longer cannot be within the context. */
const CHARACTERS_PER_TOKEN = 16;

export interface JudgingPlaces {
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
  /** Children that count tokens. */
  readonly workers: TokenWorkers;
  /** For the chosen documents; may be deleted, is made again. */
  readonly cacheFolder: () => Promise<string>;
  /** How a path is written into files. */
  readonly nameOf: (path: string) => string;
  /** The other way. */
  readonly resolve: (name: string) => Promise<string>;
}

export interface JudgingRequest {
  /** Absolute. */
  readonly source: string;
  readonly textColumn: string | null;
  readonly judgeName: string;
  readonly judge: JudgeTemplate;
  readonly rule: ParseRule;
  readonly endpoint: { readonly baseUrl: string; readonly api: JudgeApi; readonly model: string };
  readonly keyName: string | null;
  readonly selection: JudgeSelection;
  readonly view: DatasetView;
  /** Absolute path of a tokenizer.json or its folder; null estimates. */
  readonly tokenizer: string | null;
  readonly effort: JudgeEffort;
  readonly price: JudgePrice | null;
}

export interface Prepared {
  readonly judgement: Judgement;
  readonly meter: TokenMeter;
  documents(signal: AbortSignal): AsyncIterable<SelectedDocument>;
}

/** Throws StudioError before anything is written or asked. */
export async function prepareJudging(
  request: JudgingRequest,
  places: JudgingPlaces,
  signal?: AbortSignal,
): Promise<Prepared> {
  const { judge, selection, view } = request;
  const baseUrl = readBaseUrl(request.endpoint.baseUrl);
  if (request.endpoint.model.trim() === '') {
    throw new StudioError('INVALID_INPUT', 'No model is named', {
      hint: 'Give the name the server knows it by; a check lists them',
    });
  }
  const meter =
    request.tokenizer === null ? estimatedMeter : await exactMeter(places.workers, request.tokenizer, signal);
  await promptBuilder(judge, meter);
  const source = await places.library.open(request.source, signal);
  const columns = judgedColumns(source, request.textColumn);
  const selected = await selectDocuments({
    source,
    columns,
    selection,
    view,
    characters: judge.sampling.context * CHARACTERS_PER_TOKEN,
    engine: places.engine,
    cacheFolder: await places.cacheFolder(),
    signal,
  });
  const judgement: Judgement = {
    format: 'nesso-judgement',
    version: 1,
    createdMs: Date.now(),
    judge: { name: request.judgeName, sha256: versionOf(judgeText(judge)), template: judge },
    rule: request.rule,
    endpoint: { ...request.endpoint, baseUrl, keyName: request.keyName },
    reportedModel: null,
    source: {
      path: places.nameOf(source.path),
      files: source.files.length,
      sizeBytes: source.info.sizeBytes,
      modifiedMs: source.modifiedMs,
      sha256: await hashOf(source, signal),
      textColumn: columns.text,
      idColumn: columns.id,
      language: columns.language,
    },
    selection,
    view,
    tokens: {
      label: meter.label,
      tokenizer: request.tokenizer === null ? null : places.nameOf(request.tokenizer),
    },
    effort: request.effort,
    price: request.price,
    documents: selected.documents,
    emptyDocuments: selected.emptyDocuments,
    ended: null,
  };
  return {
    judgement,
    meter,
    documents: (own) => readSelected(selected, { engine: places.engine, signal: own }),
  };
}

/** What was asked before, ready to go on. Throws CONFLICT when the source is not the same any more. */
export async function prepareAgain(
  before: Judgement,
  changes: { readonly effort?: JudgeEffort; readonly keyName?: string | null },
  places: JudgingPlaces,
  signal?: AbortSignal,
): Promise<Prepared> {
  const { judge, endpoint, selection, view, rule, tokens } = before;
  const prepared = await prepareJudging(
    {
      source: await places.resolve(before.source.path),
      textColumn: before.source.textColumn,
      judgeName: judge.name,
      judge: judge.template,
      rule,
      endpoint,
      keyName: changes.keyName === undefined ? endpoint.keyName : changes.keyName,
      selection,
      view,
      tokenizer: tokens.tokenizer === null ? null : await places.resolve(tokens.tokenizer),
      effort: changes.effort ?? before.effort,
      price: before.price,
    },
    places,
    signal,
  );
  if (!sameSource(before, prepared.judgement)) {
    throw new StudioError('CONFLICT', `${before.source.path} has changed since the judgement began`, {
      hint: 'Bring the file back as it was, or begin a new judgement',
      path: before.source.path,
    });
  }
  return { ...prepared, judgement: continued(before, prepared.judgement) };
}

/** Keeps what the first start wrote down. */
export function continued(before: Judgement, now: Judgement): Judgement {
  return { ...now, createdMs: before.createdMs, reportedModel: before.reportedModel };
}

/** Throws ALREADY_EXISTS, in words, when the folder's judgement asks something else. */
export function requireSameQuestion(before: Judgement, now: Judgement, folder: string): void {
  const different = differences(before, now);
  if (different.length === 0) return;
  throw new StudioError(
    'ALREADY_EXISTS',
    `There is another judgement in this folder; it differs in ${different.join(', ')}`,
    {
      hint: 'Choose another folder, or ask the same to go on with it',
      path: folder,
    },
  );
}

/** Of one file its bytes' hash; of several the hash of their names and hashes. */
async function hashOf(source: DatasetSource, signal: AbortSignal | undefined): Promise<string | null> {
  if (source.info.sizeBytes > MAX_HASHED_BYTES) return null;
  const hashes: string[] = [];
  for (const { path } of source.files) {
    const hash = createHash('sha256');
    for await (const part of createReadStream(path, { signal })) hash.update(part as Buffer);
    hashes.push(hash.digest('hex'));
  }
  const [only] = hashes;
  if (hashes.length === 1 && only !== undefined) return only;
  return versionOf(source.files.map(({ name }, index) => `${name} ${hashes[index]}\n`).join(''));
}

/** Beside the imports of text files: `.studio/cache/judges`, or the state folder's. */
export function judgeCacheFolder(datasetCache: string): string {
  return join(datasetCache, '..', 'judges');
}
