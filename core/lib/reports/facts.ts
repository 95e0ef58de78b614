// What a report of a run is drawn from, gathered from its files: the same facts a model card takes. Knows no files.
import type { RunFacts, RunNumbers } from '../../api/run-facts.ts';
import type { Run } from '../../api/runs.ts';
import type { EvaluationResult } from '../evaluations/result.ts';
import type { ReferenceTable } from '../evaluations/reference.ts';

export interface ReportCurve {
  readonly title: string;
  readonly tag: string;
  /** Ascending. */
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

export interface ReportCheckpoint {
  readonly step: number;
  readonly tokens: number | null;
  readonly sizeBytes: number | null;
  readonly savedMs: number | null;
  /** Why it is not whole. */
  readonly problem: string | null;
  /** Models made of it here, with what their verification said. */
  readonly models: readonly { readonly type: string; readonly sha256: string; readonly verified: string }[];
}

export interface ReportEvaluation {
  readonly step: number;
  readonly tokens: number | null;
  /** Of the weights that were measured; null as they were saved. */
  readonly type: string | null;
  readonly result: EvaluationResult;
  /** The set of tasks and the job that measured it; null for what was imported or measured here. */
  readonly job: { readonly id: string; readonly preset: string | null } | null;
}

/** A run that made the data, the nearest to the training first. */
export interface ReportLineage {
  readonly run: string;
  readonly name: string;
  readonly recipe: string;
  readonly input: string;
  readonly output: string;
  /** A filter recipe as it is now, with its path. */
  readonly filter: { readonly path: string; readonly text: string } | null;
}

export interface ReportSuite {
  readonly name: string;
  readonly title: string;
  readonly points: readonly {
    readonly step: number;
    readonly type: string | null;
    /** `units`: prompts or documents it is the mean over. */
    readonly measures: readonly { readonly label: string; readonly value: string; readonly units: number }[];
  }[];
}

export interface ReportAnswer {
  readonly suite: string;
  readonly model: string;
  readonly prompt: string;
  readonly text: string;
  readonly wasCut: boolean;
}

export interface ReportFacts {
  readonly run: Run;
  readonly command: readonly string[];
  readonly git: { readonly branch: string | null; readonly commit: string | null };
  readonly host: string;
  readonly config: { readonly path: string; readonly text: string } | null;
  readonly facts: RunFacts;
  readonly numbers: RunNumbers;
  readonly curves: readonly ReportCurve[];
  readonly checkpoints: readonly ReportCheckpoint[];
  /** Folders of data that the config names. */
  readonly datasets: readonly string[];
  readonly lineage: readonly ReportLineage[];
  readonly evaluations: readonly ReportEvaluation[];
  readonly references: readonly ReferenceTable[];
  readonly suites: readonly ReportSuite[];
  readonly answers: readonly ReportAnswer[];
  /** Answers there are, of which a sample is shown. */
  readonly allAnswers: number;
  readonly writtenMs: number;
}
