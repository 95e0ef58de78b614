// The question as it stands in the form: remembered with the workspace, never the key. Pure.
import { z } from 'zod';
import type { JudgeQuestion } from '../../../../core/api/judges.ts';
import type { DatasetView } from '../../../../core/lib/datasets/view.ts';
import {
  judgeTemplate,
  type JudgeTemplate,
  judgeText,
  parseJudge,
} from '../../../../core/lib/judges/judge-template.ts';
import { judgeApi, judgeEffort, parseRule } from '../../../../core/lib/judges/judgement.ts';

const number = z.number().nullable();

/** As it is typed: may be no template yet. */
const draft = z.object({
  title: z.string(),
  label: z.string(),
  scale: judgeTemplate.shape.scale,
  language: z.string(),
  whitespace: z.enum(['collapse', 'keep']),
  prompt: z.string(),
  sampling: z.object({
    samples: number,
    temperature: number,
    top_p: number,
    max_tokens: number,
    context: number,
    seed: number,
  }),
});
export type JudgeDraft = z.infer<typeof draft>;

const setupSchema = z.object({
  judge: z.string(),
  /** Null: as the file says. */
  draft: draft.nullable(),
  baseUrl: z.string(),
  api: judgeApi,
  model: z.string(),
  usesKey: z.boolean(),
  pick: z.enum(['sample', 'all']),
  documents: number,
  seed: number,
  rule: parseRule,
  tokenizer: z.string().nullable(),
  concurrency: number,
  timeoutSeconds: number,
  retries: number,
  /** Per cent; null never stops. */
  stopInvalid: number,
  priceIn: number,
  priceOut: number,
});
export type Setup = z.infer<typeof setupSchema>;

export const defaultSetup: Setup = {
  judge: 'educational',
  draft: null,
  baseUrl: 'http://localhost:8000/v1',
  api: 'chat',
  model: '',
  usesKey: false,
  pick: 'sample',
  documents: 100,
  seed: 1,
  rule: 'exact',
  tokenizer: null,
  concurrency: 8,
  timeoutSeconds: 120,
  retries: 5,
  stopInvalid: 50,
  priceIn: null,
  priceOut: null,
};

export const parseSetup = (stored: unknown): Setup | undefined => setupSchema.safeParse(stored).data;

export type Draft =
  | { readonly kind: 'judge'; readonly judge: JudgeTemplate }
  | { readonly kind: 'problem'; readonly problem: string };

export function readDraft(own: JudgeDraft): Draft {
  const parsed = judgeTemplate.safeParse(own);
  if (parsed.success) return { kind: 'judge', judge: parsed.data };
  const [first] = parsed.error.issues;
  const field = first?.path.at(-1);
  const words = first?.message ?? 'is wrong';
  return {
    kind: 'problem',
    problem: `${field === undefined ? 'The judge' : String(field).replaceAll('_', ' ')}: ${words}`,
  };
}

export function readTemplate(text: string, name: string): Draft {
  try {
    return { kind: 'judge', judge: parseJudge(text, name) };
  } catch (error) {
    return { kind: 'problem', problem: error instanceof Error ? error.message : String(error) };
  }
}

/** What core is asked, or null while a field is missing. */
export function questionOf(
  setup: Setup,
  judge: JudgeTemplate,
  about: { readonly dataset: string; readonly view: DatasetView; readonly keyName: string | null },
): JudgeQuestion | null {
  const { documents, seed, concurrency, timeoutSeconds, retries, stopInvalid, priceIn, priceOut } = setup;
  const effort = judgeEffort.safeParse({
    concurrency,
    timeoutSeconds,
    retries,
    stopAboveInvalid: stopInvalid === null ? null : stopInvalid / 100,
  });
  if (!effort.success) return null;
  if (setup.pick === 'sample' && (documents === null || seed === null)) return null;
  return {
    dataset: about.dataset,
    textColumn: null,
    view: about.view,
    selection:
      setup.pick === 'all' ? { kind: 'all' } : { kind: 'sample', documents: documents ?? 1, seed: seed ?? 0 },
    judge: setup.judge,
    template: judgeText(judge),
    rule: setup.rule,
    endpoint: { baseUrl: setup.baseUrl, api: setup.api, model: setup.model.trim() },
    keyName: setup.usesKey ? about.keyName : null,
    tokenizer: setup.tokenizer,
    effort: effort.data,
    price: priceIn === null && priceOut === null ? null : { input: priceIn ?? 0, output: priceOut ?? 0 },
  };
}
