// The branch of a conversation that is shown, as a script for other models.
import type { Conversation } from '../../api/conversations.ts';
import type { Sampling } from '../../api/generation.ts';
import { shownPath } from '../conversations/tree.ts';
import { MAX_REPLAY_TURNS, type ReplayScript, turnsOfPath } from './script.ts';

/** Greedy, or as the conversation was sampled with a seed: answers have to be repeatable. */
export type ReplaySampler = 'greedy' | 'seeded';

/** Null for a conversation in which nothing was asked. `seed` counts where the conversation has none. */
export function scriptOfConversation(
  conversation: Conversation,
  {
    before,
    sampler,
    seed,
  }: Pick<ReplayScript, 'before'> & {
    readonly sampler: ReplaySampler;
    readonly seed: number;
  },
): ReplayScript | null {
  const turns = turnsOfPath(shownPath(conversation)).slice(0, MAX_REPLAY_TURNS);
  if (turns.length === 0) return null;
  const { id, mode, systemPrompt, template, addBos, sampling } = conversation;
  const own: Sampling =
    sampler === 'greedy'
      ? { ...sampling, temperature: 0, seed: null }
      : { ...sampling, seed: sampling.seed ?? seed };
  return { id, mode, systemPrompt, template, addBos, sampling: own, turns, before };
}
