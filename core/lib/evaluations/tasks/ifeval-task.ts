// IFEval as a task that is run: prompts as they are, answers checked by its rules. Pure.
import type { RuleTools } from '../ifeval/rules.ts';
import { type IfevalPrompt, readPrompt } from '../ifeval/instructions.ts';
import { checkAnswer } from '../ifeval/score.ts';
import { objectOf } from '../reading/json-values.ts';
import type { LocalTask, TaskMetric } from './task.ts';

const METRICS: readonly TaskMetric[] = [
  { name: 'prompt_level_strict_acc', higherIsBetter: true, aggregation: 'mean' },
  { name: 'inst_level_strict_acc', higherIsBetter: true, aggregation: 'each' },
  { name: 'prompt_level_loose_acc', higherIsBetter: true, aggregation: 'mean' },
  { name: 'inst_level_loose_acc', higherIsBetter: true, aggregation: 'each' },
];
/** As the harness generates for it. */
const MAX_TOKENS = 1280;
const SETTINGS = { until: [], do_sample: false, temperature: 0, max_gen_toks: MAX_TOKENS };

export function ifevalTask(name: string, tools: RuleTools): LocalTask {
  const prompts = new WeakMap<object, IfevalPrompt>();
  return {
    name,
    version: 4,
    outputType: 'generate_until',
    metrics: METRICS,
    filters: ['none'],
    defaultShots: 0,
    noShots: 'It has no examples',
    config: { task: name, output_type: 'generate_until', generation_kwargs: SETTINGS },
    questionOf(value) {
      const row = objectOf(value);
      const prompt = readPrompt(row);
      if (row === null || prompt === null) return null;
      prompts.set(row, prompt);
      return {
        row,
        target: '0',
        shown: '',
        description: '',
        ask: (before) => ({
          kind: 'writing',
          context: before + prompt.prompt,
          until: [],
          maxTokens: MAX_TOKENS,
          settings: SETTINGS,
          targets: [],
        }),
      };
    },
    judge({ row }, _, reply) {
      const prompt = prompts.get(row) ?? readPrompt(row);
      const answer = reply.kind === 'text' ? reply.text : '';
      if (prompt === null) return [];
      const { strict, loose, instructions } = checkAnswer(prompt, answer, tools);
      const values = {
        prompt_level_strict_acc: strict,
        inst_level_strict_acc: instructions.map((one) => one.strict),
        prompt_level_loose_acc: loose,
        inst_level_loose_acc: instructions.map((one) => one.loose),
      };
      return [{ filter: 'none', answer, values }];
    },
  };
}
