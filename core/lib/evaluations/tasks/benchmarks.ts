// The benchmarks that can be run without a task file: which data set each asks, which rows are its questions and its examples, and
// the groups they form. After lm-eval 0.4.13. Pure.
import { choiceTask } from './choice-tasks.ts';

export interface BenchmarkData {
  /** Owner and name on the hub. */
  readonly repository: string;
  /** A folder or the beginning of names in it; null for a data set with one part. */
  readonly config: string | null;
  readonly questions: string;
  /** Null where the harness draws its examples at random. */
  readonly examples: string | null;
}

export interface Benchmark {
  readonly name: string;
  readonly kind: 'choices' | 'ifeval';
  readonly data: BenchmarkData;
}

/** Null for a name that is no benchmark of this kind, also for groups. */
export function benchmark(name: string): Benchmark | null {
  if (name === 'ifeval' || name === 'ifeval_it') {
    const repository = name === 'ifeval' ? 'google/IFEval' : 'mii-llm/ifeval-ita';
    return { name, kind: 'ifeval', data: { repository, config: null, questions: 'train', examples: null } };
  }
  const data = choiceTask(name) === null ? null : choiceData(name);
  return data === null ? null : { name, kind: 'choices', data };
}

function choiceData(name: string): BenchmarkData | null {
  const language = /^(?:m_mmlu|hellaswag|arc)_([a-z]{2})$/.exec(name)?.[1];
  if (name.startsWith('m_mmlu_') && language !== undefined)
    return data('alexandrainst/m_mmlu', language, 'test', 'train');
  if (language !== undefined)
    return name.startsWith('arc_')
      ? data('alexandrainst/m_arc', language, 'test', null)
      : data('alexandrainst/m_hellaswag', language, 'val', null);
  if (name === 'hellaswag') return data('Rowan/hellaswag', null, 'validation', null);
  if (name === 'arc_challenge') return data('allenai/ai2_arc', 'ARC-Challenge', 'test', null);
  if (name === 'arc_easy') return data('allenai/ai2_arc', 'ARC-Easy', 'test', null);
  if (name.startsWith('mmlu_')) return data('cais/mmlu', name.slice('mmlu_'.length), 'test', 'dev');
  return null;
}

const data = (
  repository: string,
  config: string | null,
  questions: string,
  examples: string | null,
): BenchmarkData => ({ repository, config, questions, examples });

const STEM = [
  'abstract_algebra',
  'anatomy',
  'astronomy',
  'college_biology',
  'college_chemistry',
  'college_computer_science',
  'college_mathematics',
  'college_physics',
  'computer_security',
  'conceptual_physics',
  'electrical_engineering',
  'elementary_mathematics',
  'high_school_biology',
  'high_school_chemistry',
  'high_school_computer_science',
  'high_school_mathematics',
  'high_school_physics',
  'high_school_statistics',
  'machine_learning',
] as const;
const OTHER = [
  'business_ethics',
  'clinical_knowledge',
  'college_medicine',
  'global_facts',
  'human_aging',
  'management',
  'marketing',
  'medical_genetics',
  'miscellaneous',
  'nutrition',
  'professional_accounting',
  'professional_medicine',
  'virology',
] as const;
const SOCIAL_SCIENCES = [
  'econometrics',
  'high_school_geography',
  'high_school_government_and_politics',
  'high_school_macroeconomics',
  'high_school_microeconomics',
  'high_school_psychology',
  'human_sexuality',
  'professional_psychology',
  'public_relations',
  'security_studies',
  'sociology',
  'us_foreign_policy',
] as const;
const HUMANITIES = [
  'formal_logic',
  'high_school_european_history',
  'high_school_us_history',
  'high_school_world_history',
  'international_law',
  'jurisprudence',
  'logical_fallacies',
  'moral_disputes',
  'moral_scenarios',
  'philosophy',
  'prehistory',
  'professional_law',
  'world_religions',
] as const;

export interface BenchmarkGroup {
  readonly name: string;
  readonly version: number;
  readonly tasks: readonly string[];
  readonly metrics: readonly { readonly metric: string; readonly weightBySize: boolean }[];
}

const subjects = (list: readonly string[]) => list.map((subject) => `mmlu_${subject}`);
const WEIGHTED = [{ metric: 'acc', weightBySize: true }];
const group = (name: string, list: readonly string[]): BenchmarkGroup => ({
  name,
  version: 2,
  tasks: subjects(list),
  metrics: WEIGHTED,
});

const GROUPS: readonly BenchmarkGroup[] = [
  group('mmlu', [...STEM, ...OTHER, ...SOCIAL_SCIENCES, ...HUMANITIES]),
  group('mmlu_stem', STEM),
  group('mmlu_other', OTHER),
  group('mmlu_social_sciences', SOCIAL_SCIENCES),
  group('mmlu_humanities', HUMANITIES),
];

/** MMLU and its four parts, weighted by size as the harness does. */
export const benchmarkGroup = (name: string): BenchmarkGroup | null =>
  GROUPS.find((one) => one.name === name) ?? null;

/** Those of the Zagreus and Nesso report, and its languages: what a list shows. Any other name of the same kinds runs too. */
export const LISTED_BENCHMARKS: readonly string[] = [
  ...['it', 'es', 'fr', 'pt', 'de', 'en'].flatMap((language) => [
    `m_mmlu_${language}`,
    ...(language === 'en' ? [] : [`hellaswag_${language}`, `arc_${language}`]),
  ]),
  'mmlu',
  'hellaswag',
  'arc_challenge',
  'arc_easy',
  'ifeval',
  'ifeval_it',
];
