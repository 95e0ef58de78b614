// Token folders of a Nanotron config against what lies on the target: each by itself, all together, and how often a stage reads them.
import type { PreflightFinding } from '../../api/launches.ts';
import { computeDataMix } from '../config/derived/data-mix.ts';
import type { NanotronSettings, NanotronStage } from '../config/derived/nanotron-settings.ts';
import { numbersAt } from '../config/derived/read-values.ts';
import type { ConfigDocument } from '../config/types.ts';
import { formatCount, formatShare } from '../format/numbers.ts';
import type { Making } from './chain-findings.ts';
import { findingsOf } from './finding.ts';
import type { DataFolder } from './target-look.ts';
import { folderFindings, windowsOf } from './folder-findings.ts';

const say = findingsOf('data');
/** Rounding of what is wanted must not look like a second pass. */
const ONE_PASS = 1.0005;

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
  const { document, settings, found, makings = [] } = evidence;
  const folders = dataFoldersOf(settings).flatMap((path) =>
    folderFindings(path, found.get(path), { document, settings, makings }),
  );
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
