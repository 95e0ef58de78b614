// What is known about the benchmarks that the studio's models are measured with: language, chance level, which metric is read.
// By name alone; tasks that are not known have none.

export interface TaskFacts {
  /** ISO 639-1; null where the name does not say. */
  readonly language: string | null;
  /** What guessing scores; null where there is no such number. */
  readonly chance: number | null;
  /** The metric that reports quote. */
  readonly metric: string | null;
}

interface Family {
  readonly name: RegExp;
  readonly chance: number | null;
  readonly metric: string;
  /** Where the name does not say. */
  readonly language?: string;
}

/** A language at the end stands in group 1. Names after `local_` are copies of tasks with local files. */
const FAMILIES: readonly Family[] = [
  { name: /^(?:m_|global_)?mmlu_([a-z]{2})$/, chance: 0.25, metric: 'acc' },
  // mmlu_pro has ten choices, mmlu_redux other questions.
  { name: /^mmlu(?:_(?!pro|redux)[a-z_]{3,})?$/, chance: 0.25, metric: 'acc', language: 'en' },
  { name: /^hellaswag_([a-z]{2})$/, chance: 0.25, metric: 'acc_norm' },
  { name: /^hellaswag$/, chance: 0.25, metric: 'acc_norm', language: 'en' },
  // A few questions have three or five choices.
  { name: /^arc_([a-z]{2})$/, chance: 0.25, metric: 'acc_norm' },
  { name: /^arc_(?:challenge|easy)$/, chance: 0.25, metric: 'acc_norm', language: 'en' },
  // The studio's own.
  { name: /^studio_facts(?:_([a-z]{2}))?$/, chance: 0.25, metric: 'acc' },
  { name: /^ifeval$/, chance: null, metric: 'inst_level_strict_acc', language: 'en' },
  { name: /^ifeval[-_]ita?$/, chance: null, metric: 'inst_level_strict_acc', language: 'it' },
  { name: /^ifeval_([a-z]{2})$/, chance: null, metric: 'inst_level_strict_acc' },
  { name: /^(?:enem_challenge|oab_exams|bluex)$/, chance: null, metric: 'acc', language: 'pt' },
  { name: /^assin2_sts$/, chance: 0, metric: 'pearson', language: 'pt' },
  {
    name: /^(?:assin2_rte|faquad_nli|hatebr_offensive(?:_binary)?|portuguese_hate_speech(?:_binary)?|tweetsentbr)$/,
    chance: null,
    metric: 'f1_macro',
    language: 'pt',
  },
];

export function taskFacts(task: string): TaskFacts {
  const name = task.replace(/^local_/, '');
  for (const { name: pattern, chance, metric, language } of FAMILIES) {
    const match = pattern.exec(name);
    if (match) return { language: language ?? match[1] ?? null, chance, metric };
  }
  return { language: null, chance: null, metric: null };
}

/** The metric to show where several were measured: the one that reports quote, else the first. */
export function mainMetric(task: string, metrics: readonly string[]): string | null {
  const { metric } = taskFacts(task);
  if (metric !== null && metrics.includes(metric)) return metric;
  return metrics[0] ?? null;
}
