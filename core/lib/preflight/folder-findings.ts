// One token folder of a Nanotron config against what lies on the target: whether Nanotron will take it.
// Follows the reader of datatrove 0.5 to 0.10: windows of sequence length + 1, the rest of a file dropped, files of the folder alone.
import type { PreflightFinding } from '../../api/launches.ts';
import { knownVocabularySize } from '../config/derived/known-tokenizers.ts';
import type { NanotronSettings } from '../config/derived/nanotron-settings.ts';
import { integerAt, stringAt } from '../config/derived/read-values.ts';
import type { ConfigDocument } from '../config/types.ts';
import { formatInteger } from '../format/numbers.ts';
import { comingFolder, type Making } from './chain-findings.ts';
import { findingsOf } from './finding.ts';
import type { DataFolder, TokenFile } from './target-look.ts';

const say = findingsOf('data');
const LARGEST_TWO_BYTE_VOCABULARY = 65_536;

export interface FolderEvidence {
  readonly document: ConfigDocument;
  readonly settings: NanotronSettings;
  /** What earlier runs of the chain will have written. */
  readonly makings: readonly Making[];
}

/** What keeps Nanotron from reading a folder of its config. `folder` as it lies on the target. */
export function folderFindings(
  path: string,
  folder: DataFolder | undefined,
  { document, settings, makings }: FolderEvidence,
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
  if (folder.files.length === 0) {
    return [
      say(
        'error',
        `${path} holds no .ds file`,
        'Only .ds files directly in the folder are read, not those below it',
      ),
    ];
  }
  return [
    ...fileFindings(path, folder, settings.sequenceLength),
    ...tokenizerFindings(path, folder, document),
    ...tokenSizeFindings(path, folder, vocabularyOf(document)),
  ];
}

const vocabularyOf = (document: ConfigDocument): number | null =>
  integerAt(document, ['model', 'model_config', 'vocab_size']);

/** Whether the files are whole, and long enough to be read. */
function fileFindings(
  path: string,
  folder: DataFolder,
  sequenceLength: number | null,
): readonly PreflightFinding[] {
  const { files, metadata } = folder;
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
  const unread =
    sequenceLength === null ? [] : files.filter((file) => windowsOf(folder, file, sequenceLength) === 0);
  if (unread.length > 0 && torn.length === 0 && silent.length === 0) {
    findings.push(
      say(
        'warning',
        `${unread.length} .ds files of ${path} are shorter than one sequence`,
        'They are not read at all; merge them',
      ),
    );
  }
  return findings;
}

function tokenizerFindings(
  path: string,
  { metadata }: DataFolder,
  document: ConfigDocument,
): readonly PreflightFinding[] {
  const wanted = stringAt(document, ['tokenizer', 'tokenizer_name_or_path']);
  const vocabulary = vocabularyOf(document);
  return [...new Set(metadata.map(({ tokenizer }) => tokenizer))].flatMap((tokenizer) => {
    const findings: PreflightFinding[] = [];
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
    return findings;
  });
}

function tokenSizeFindings(
  path: string,
  { metadata }: DataFolder,
  vocabulary: number | null,
): readonly PreflightFinding[] {
  const findings: PreflightFinding[] = [];
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

/** Windows that Nanotron reads of a file; null where nothing says how many tokens it holds. */
export function windowsOf(folder: DataFolder, file: TokenFile, sequenceLength: number): number | null {
  const tokens = tokensOf(folder, file);
  return tokens === null ? null : Math.floor(tokens / (sequenceLength + 1));
}
