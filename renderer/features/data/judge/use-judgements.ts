// The judgements over one data set, and the templates there are; asked again whenever files change.
import { useQuery } from '@tanstack/react-query';
import type { JudgementEntry } from '../../../../core/api/judges.ts';
import { useClient } from '../../../app/session.ts';
import { judgesKey } from './use-setup.ts';

export type ListedJudgement = Extract<JudgementEntry, { readonly kind: 'judgement' }>;

/** Another process may judge on the same folder. */
const ASK_AGAIN_MS = 5000;

export function useJudgements(path: string) {
  const client = useClient();
  const list = useQuery({
    queryKey: [...judgesKey, 'list'],
    queryFn: () => client.judges.list(),
    refetchInterval: ASK_AGAIN_MS,
  });
  const all = list.data ?? null;
  return {
    /** Null while they are being read. */
    all:
      all?.flatMap((entry) => (entry.kind === 'judgement' && entry.dataset === path ? [entry] : [])) ?? null,
    names: new Set(all?.map(({ judgement }) => judgement) ?? []),
    problems: all?.flatMap((entry) => (entry.kind === 'problem' ? [entry.problem] : [])) ?? [],
    error: list.error,
  };
}

export function useTemplates() {
  const client = useClient();
  return useQuery({ queryKey: [...judgesKey, 'templates'], queryFn: () => client.judges.templates() });
}
