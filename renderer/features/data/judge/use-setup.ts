// The form's state for every pane that shows it: what was typed, the template it starts from, and the question it makes.
import { useQuery } from '@tanstack/react-query';
import type { JudgeFile, JudgeQuestion } from '../../../../core/api/judges.ts';
import { type JudgeTemplate, judgeText } from '../../../../core/lib/judges/judge-template.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useViewState } from '../../../app/view-state.ts';
import { useDataView } from '../view/data-view.ts';
import { keyNameOf } from './server-key.ts';
import {
  defaultSetup,
  type JudgeDraft,
  parseSetup,
  questionOf,
  readDraft,
  readTemplate,
  type Setup,
} from './setup.ts';

export const judgesKey = [...filesKey, 'judges'] as const;

export interface JudgeSetup {
  readonly setup: Setup;
  readonly change: (change: Partial<Setup>) => void;
  /** The chosen file; null while it is read. */
  readonly file: JudgeFile | null;
  readonly error: unknown;
  /** What the fields show; null while the file is read or when it is no judge. */
  readonly draft: JudgeDraft | null;
  readonly judge: JudgeTemplate | null;
  /** Why there is no judge. */
  readonly problem: string | null;
  readonly isEdited: boolean;
  readonly question: JudgeQuestion | null;
}

export function useJudgeSetup(path: string, query: URLSearchParams): JudgeSetup {
  const client = useClient();
  const [setup, setSetup] = useViewState<Setup>('data.judge', parseSetup, defaultSetup);
  const [view] = useDataView(path, query);
  const file = useQuery({
    queryKey: [...judgesKey, 'template', setup.judge],
    queryFn: ({ signal }) => client.judges.template({ name: setup.judge }, { signal }),
  });
  const saved = file.data ? readTemplate(file.data.text, file.data.name) : null;
  const savedJudge = saved?.kind === 'judge' ? saved.judge : null;
  const draft: JudgeDraft | null = setup.draft ?? savedJudge;
  const read = draft === null ? null : readDraft(draft);
  const judge = read?.kind === 'judge' ? read.judge : null;
  return {
    setup,
    change: (change) => setSetup({ ...setup, ...change }),
    file: file.data ?? null,
    error: file.error,
    draft,
    judge,
    problem:
      read?.kind === 'problem'
        ? read.problem
        : saved?.kind === 'problem' && draft === null
          ? saved.problem
          : null,
    isEdited:
      setup.draft !== null &&
      (judge === null || savedJudge === null || judgeText(judge) !== judgeText(savedJudge)),
    question:
      judge === null
        ? null
        : questionOf(setup, judge, { dataset: path, view, keyName: keyNameOf(setup.baseUrl) }),
  };
}
