// Token folders of a Nanotron config against what lies on the target: whether Nanotron will take them, and how often each is read.
// Follows the reader of datatrove 0.5 to 0.10: windows of sequence length + 1, the rest of a file dropped, files of the folder alone.
import type { PreflightFinding } from '../../api/launches.ts';
import { computeDataMix } from '../config/derived/data-mix.ts';
import { knownVocabularySize } from '../config/derived/known-tokenizers.ts';
import type { NanotronSettings, NanotronStage } from '../config/derived/nanotron-settings.ts';
import { integerAt, numbersAt, stringAt } from '../config/derived/read-values.ts';
import type { ConfigDocument } from '../config/types.ts';
import { formatCount, formatInteger, formatShare } from '../format/numbers.ts';
import { comingFolder, type Making } from './chain-findings.ts';
import { findingsOf } from './finding.ts';
import type { DataFolder, TokenFile } from './target-look.ts';

const say = findingsOf('data');
/** Rounding of what is wanted must not look like a second pass. */
const ONE_PASS = 1.0005;
const LARGEST_TWO_BYTE_VOCABULARY = 65_536;

/** All folders of all stages, each once. */
export function dataFoldersOf(settings: NanotronSettings): readonly string[] {
  return [...new Set(settings.stages.flatMap(({ folders }) => folders ?? []))];
}

export interface DataEvidence {
  readonly document: ConfigDocument;
  readonly settings: NanotronSettings;
  readonly globalBatchSequences: number | null;
  /** By the path as the config has it. */
  readonly found: ReadonlyMap<string, DataFolder>;
  /** What earlier runs of the chain will have written. */
  readonly makings?: readonly Making[] | undefined;
}

export function dataFindings(evidence: DataEvidence): readonly PreflightFinding[] {
  const { settings, found } = evidence;
  const folders = dataFoldersOf(settings).flatMap((path) => folderFindings(evidence, path, found.get(path)));
  const tokenizers = new Set(
    [...found.values()].flatMap(({ metadata }) => metadata.map(({ tokenizer }) => tokenizer)),
  );
  const sizes = new Set(
    [...found.values()].flatMap(({ metadata }) => metadata.map(({ bytesPerToken }) => bytesPerToken)),
  );
  const together: PreflightFinding[] = [];
  if (tokenizers.size > 1) {
    together.push(
      say(
        'error',
        `The folders were made with ${tokenizers.size} tokenizers: ${[...tokenizers].join(', ')}`,
        'Nanotron asserts one tokenizer for all folders; tokenize them again with one',
      ),
    );
  }
  if (sizes.size > 1) {
    together.push(
      say(
        'error',
        'The folders hold tokens of different sizes',
        'Nanotron reads all folders with one size; tokenize them again',
      ),
    );
  }
  return [...folders, ...together, ...settings.stages.flatMap((stage) => stageFindings(evidence, stage))];
}

function folderFindings(
  { document, settings, makings = [] }: DataEvidence,
  path: string,
  folder: DataFolder | undefined,
): readonly PreflightFinding[] {
  if (/^[~$]/.test(path)) {
    return [
      say(
        'error',
        `${path} is taken as it is written`,
        'Nanotron expands neither ~ nor variables in a config: write the whole path',
      ),
    ];
  }
  const isRelative = !path.startsWith('/');
  const isEmpty = folder?.folder == null || folder.files.length === 0;
  const coming = isEmpty ? comingFolder(document, path.replace(/\/+$/, ''), makings) : null;
  if (coming !== null) return coming;
  if (folder?.folder == null) {
    const reason = isRelative
      ? 'A relative path starts at the folder of the run, which is new: write the whole path'
      : 'Nanotron stops at its start; check the path and who may read it';
    return [say('error', `${path} is no folder of the target`, reason)];
  }
  const { files, metadata } = folder;
  if (files.length === 0) {
    return [
      say(
        'error',
        `${path} holds no .ds file`,
        'Only .ds files directly in the folder are read, not those below it',
      ),
    ];
  }
  const findings: PreflightFinding[] = [];
  const told = new Map(metadata.map((one) => [one.file, one]));
  const silent = files.filter(({ name }) => !told.has(`${name}.metadata`));
  if (metadata.length === 0) {
    findings.push(
      say(
        'error',
        `No .ds file of ${path} has metadata`,
        'Nanotron takes tokenizer and vocabulary from there; tokenize again, or set tokenizer_name, token_size_in_bytes and vocab_size of the dataset',
      ),
    );
  } else if (silent.length > 0) {
    findings.push(
      say(
        'error',
        `${silent.length} of ${files.length} .ds files of ${path} have no metadata: ${named(silent)}`,
        'They were not finished: a task of the tokenization failed or still runs',
      ),
    );
  }
  const torn = files.filter(({ name, bytes }) => {
    const { tokens = null, bytesPerToken = null } = told.get(`${name}.metadata`) ?? {};
    return tokens !== null && bytesPerToken !== null && tokens * bytesPerToken !== bytes;
  });
  if (torn.length > 0) {
    findings.push(
      say(
        'error',
        `${torn.length} .ds files of ${path} are not as long as their metadata say: ${named(torn)}`,
        'A copy was cut or a disk was full; copy or tokenize them again',
      ),
    );
  }
  const wanted = stringAt(document, ['tokenizer', 'tokenizer_name_or_path']);
  const vocabulary = integerAt(document, ['model', 'model_config', 'vocab_size']);
  for (const tokenizer of new Set(metadata.map((one) => one.tokenizer))) {
    if (wanted !== null && tokenizer !== wanted) {
      findings.push(
        say(
          'error',
          `${path} was tokenized with “${tokenizer}”, the config names “${wanted}”`,
          'Nanotron compares the two letter by letter and stops; write one of them as the other',
        ),
      );
    }
    const size = knownVocabularySize(tokenizer);
    if (size !== null && vocabulary !== null && vocabulary > 0 && size !== vocabulary) {
      findings.push(
        say(
          'error',
          `${tokenizer} has ${formatInteger(size)} tokens, the model ${formatInteger(vocabulary)}`,
          'Nanotron asserts that vocab_size of the model is that of the data',
        ),
      );
    }
  }
  const isTwoBytes = metadata.some(({ bytesPerToken }) => bytesPerToken === 2);
  if (isTwoBytes && (vocabulary ?? 0) > LARGEST_TWO_BYTE_VOCABULARY) {
    findings.push(
      say(
        'error',
        `${path} has tokens of 2 bytes for a vocabulary of ${formatInteger(vocabulary ?? 0)}`,
        'Two bytes hold 65,536 ids: it was made with another tokenizer',
      ),
    );
  }
  const odd = metadata.find(({ bytesPerToken }) => bytesPerToken !== null && ![2, 4].includes(bytesPerToken));
  if (odd) {
    findings.push(
      say(
        'error',
        `${odd.file} of ${path} says ${odd.bytesPerToken} bytes a token`,
        'datatrove writes 2 or 4; the metadata are damaged',
      ),
    );
  }
  const unread =
    settings.sequenceLength === null
      ? 0
      : files.filter((file) => windowsOf(folder, file, settings.sequenceLength ?? 1) === 0).length;
  if (unread > 0 && torn.length === 0 && silent.length === 0) {
    findings.push(
      say(
        'warning',
        `${unread} .ds files of ${path} are shorter than one sequence`,
        'They are not read at all; merge them',
      ),
    );
  }
  return findings;
}

function named(files: readonly TokenFile[]): string {
  const names = files.slice(0, 3).map(({ name }) => name);
  return files.length > names.length ? `${names.join(', ')}, …` : names.join(', ');
}

/** Null where neither metadata nor the size of a token is known. */
function tokensOf({ metadata }: DataFolder, { name, bytes }: TokenFile): number | null {
  const own = metadata.find(({ file }) => file === `${name}.metadata`);
  if (own?.tokens != null) return own.tokens;
  const size = own?.bytesPerToken ?? metadata[0]?.bytesPerToken ?? null;
  return size === null ? null : Math.floor(bytes / size);
}

function windowsOf(folder: DataFolder, file: TokenFile, sequenceLength: number): number | null {
  const tokens = tokensOf(folder, file);
  return tokens === null ? null : Math.floor(tokens / (sequenceLength + 1));
}

function stageFindings(evidence: DataEvidence, stage: NanotronStage): readonly PreflightFinding[] {
  const { document, settings, globalBatchSequences, found } = evidence;
  const { folders } = stage;
  const steps = stepsOf(settings, stage);
  const { sequenceLength } = settings;
  if (folders === null || steps === null || sequenceLength === null || globalBatchSequences === null)
    return [];
  const mix = computeDataMix(folders, stage.weightsGiven ? stage.weights : null);
  if (mix === null) return [];
  const limits = numbersAt(document, [...stage.datasetPath, 'dataset_max_tokens']);
  const name = stage.name ?? `Stage ${stage.index + 1}`;
  const wantedSequences = steps * globalBatchSequences;
  const findings: PreflightFinding[] = [];
  const passes: number[] = [];
  let available = 0;
  for (const [index, { folder: path, share }] of mix.folders.entries()) {
    const folder = found.get(path);
    if (folder?.folder == null || folder.files.length === 0) continue;
    const windows = sum(folder.files.map((file) => windowsOf(folder, file, sequenceLength) ?? 0));
    const limit = limits?.[index];
    const usable =
      limit === undefined || limit <= 0
        ? windows
        : Math.min(windows, Math.floor(limit / (sequenceLength + 1)));
    available += usable * sequenceLength;
    if (usable === 0 || share === 0) continue;
    const read = (share * wantedSequences) / usable;
    passes.push(read);
    if (read <= ONE_PASS) continue;
    findings.push(
      say(
        'warning',
        `${name} reads ${path} ${times(read)}: ${formatCount(share * wantedSequences * sequenceLength)} tokens of ${formatCount(usable * sequenceLength)}`,
        'Upstream Nanotron ends with an IndexError when a folder is used up; the mii-llm fork begins it again without a word. Lower its weight, add data, or train fewer steps',
      ),
    );
  }
  if (passes.length === 0) return findings;
  const languages = mix.languages
    .map(({ language, share }) => `${formatShare(share)} ${language}`)
    .join(', ');
  const range = `${times(Math.min(...passes))}${passes.length > 1 ? ` to ${times(Math.max(...passes))}` : ''}`;
  return [
    ...findings,
    say(
      'info',
      `${name}: ${formatCount(wantedSequences * sequenceLength)} tokens wanted, ${formatCount(available)} there`,
      `Folders are read ${range}. Mix: ${languages} (languages guessed from folder names)`,
    ),
  ];
}

function stepsOf({ stages, trainSteps }: NanotronSettings, stage: NanotronStage): number | null {
  const start = stage.startStep;
  if (start === null || trainSteps === null) return null;
  const later = stages.flatMap(({ startStep }) =>
    startStep !== null && startStep > start ? [startStep] : [],
  );
  const end = later.length === 0 ? trainSteps + 1 : Math.min(...later);
  return Math.max(0, end - Math.max(1, start));
}

/** `0.42 times`, `3.1 times` */
function times(value: number): string {
  return `${value < 1 ? value.toPrecision(2) : value.toFixed(value < 10 ? 2 : 0)} times`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
