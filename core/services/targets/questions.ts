// What ssh asks while a person connects: shown in every window, answered in one of them.
import { randomBytes } from 'node:crypto';
import { StudioError } from '../../api/errors.ts';
import type { SshQuestion } from '../../api/targets.ts';
import type { AskpassQuestion } from './askpass-server.ts';

export interface QuestionBoard {
  readonly open: readonly SshQuestion[];
  ask(target: string, question: AskpassQuestion): Promise<string | null>;
  /** Throws NOT_FOUND when nobody waits for it any more. */
  answer(id: string, text: string | null): void;
}

/** `onChange` is called when a question appears or goes. */
export function createQuestionBoard(onChange: () => void): QuestionBoard {
  const waiting = new Map<
    string,
    { readonly question: SshQuestion; readonly resolve: (text: string | null) => void }
  >();
  return {
    get open() {
      return [...waiting.values()].map(({ question }) => question);
    },
    async ask(target, { question, kind, signal }) {
      const id = randomBytes(9).toString('hex');
      try {
        return await new Promise<string | null>((resolve) => {
          if (signal.aborted) {
            resolve(null);
            return;
          }
          signal.addEventListener('abort', () => resolve(null), { once: true });
          waiting.set(id, {
            question: { id, target, text: question.trim(), kind: kindOf(question, kind) },
            resolve,
          });
          onChange();
        });
      } finally {
        waiting.delete(id);
        onChange();
      }
    },
    answer(id, text) {
      const found = waiting.get(id);
      if (!found) {
        throw new StudioError('NOT_FOUND', 'This question is not asked any more', {
          hint: 'Connect again if the target is still wanted',
        });
      }
      found.resolve(text);
    },
  };
}

/** ssh says `confirm` only for keys of an agent; the host-key question wants a typed yes. */
function kindOf(question: string, kind: AskpassQuestion['kind']): SshQuestion['kind'] {
  if (kind === 'none') return 'wait';
  if (kind === 'confirm' || /\(yes\/no(\/\[fingerprint\])?\)/.test(question)) return 'confirm';
  return /\b(user ?name|login)\b.*:\s*$/i.test(question) ? 'text' : 'secret';
}
