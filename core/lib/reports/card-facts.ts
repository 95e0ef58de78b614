// What of a run's facts belongs on the card of one of its models: the newest value of each task at that step, and the data. Pure.
import type { CardFields } from '../../api/conversion.ts';
import { mainEvaluations } from './evaluation-blocks.ts';
import type { ReportFacts } from './facts.ts';

/** As long as the card allows names. */
const MAX_NAME = 200;

export interface CardFacts {
  /** Null where no step was evaluated. */
  readonly step: number | null;
  readonly results: CardFields['results'];
  readonly datasets: string[];
}

/** `step` null: the newest that was evaluated as saved, or else as any type. Parts of a test set are no benchmark. */
export function cardFacts(
  { evaluations, datasets }: Pick<ReportFacts, 'evaluations' | 'datasets'>,
  step: number | null,
): CardFacts {
  const whole = mainEvaluations(evaluations).filter(
    ({ result: { samples, available } }) => samples === null || available === null || samples >= available,
  );
  const asSaved = whole.filter(({ type }) => type === null);
  const from = asSaved.length > 0 ? asSaved : whole;
  const wanted = step ?? from.at(-1)?.step ?? null;
  const seen = new Set<string>();
  const results = from.flatMap(({ step: own, result }) => {
    const key = JSON.stringify([result.task, result.metric, result.filter, result.shots, result.harness]);
    if (own !== wanted || seen.has(key)) return [];
    seen.add(key);
    return [
      {
        task: result.task,
        metric: result.filter === 'none' ? result.metric : `${result.metric}, ${result.filter}`,
        value: result.value,
        standardError: result.standardError,
        shots: result.shots,
        questions: result.samples,
        harness: [result.harness, result.harnessVersion].filter((word) => word !== null).join(' '),
      },
    ];
  });
  return { step: wanted, results, datasets: datasets.map((name) => name.slice(0, MAX_NAME)) };
}
