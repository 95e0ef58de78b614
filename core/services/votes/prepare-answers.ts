// Makes the answers of a vote that are missing: all of one side, then all of the other, so that each model is loaded once.
// Every answer is kept as it comes; what was stopped goes on where it was.
import type { ChatEngine } from '../model-runtime/engine.ts';
import { StudioError } from '../../api/errors.ts';
import type { Prompt } from '../../api/generation.ts';
import type { SideIndex, Vote, VoteAnswer, VoteItem, VoteSide } from '../../lib/votes/vote.ts';
import type { Fingerprints } from '../models/fingerprints.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { wholeAnswer } from '../replay/whole-answer.ts';
import { changeVote, readVote } from './vote-files.ts';

export interface PrepareOptions {
  readonly engine: Pick<ChatEngine, 'generate'>;
  readonly fingerprints: Fingerprints;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

const both: readonly SideIndex[] = [0, 1];

export async function prepareAnswers(
  root: string,
  name: string,
  { engine, fingerprints, signal, onProgress }: PrepareOptions,
): Promise<Vote> {
  let vote = await readVote(root, name);
  const total = vote.items.length * both.length;
  const done = () => vote.items.flatMap(({ answers }) => answers).filter((answer) => answer !== null).length;
  onProgress(done(), total);
  for (const index of both) {
    const side = vote.sides[index];
    const missing = vote.items.filter(({ answers }) => answers[index] === null);
    if (missing.length === 0) continue;
    const modelPath = await resolveInside(root, side.modelPath);
    const { modelKey } = await fingerprints.of(modelPath);
    if (modelKey !== side.modelKey) throw otherModel(side);
    for (const item of missing) {
      signal.throwIfAborted();
      const { text, stopReason, statistics } = await wholeAnswer(
        engine.generate(
          { modelPath, prompt: promptOf(item, side), sampling: side.sampling, topTokens: 0 },
          signal,
        ),
      );
      const answer: VoteAnswer = { text, stopReason, tokens: statistics.tokens };
      vote = await changeVote(root, name, (now) => withAnswer(now, item.id, index, answer));
      onProgress(done(), total);
    }
  }
  return vote;
}

function otherModel(side: VoteSide): StudioError {
  return new StudioError('CONFLICT', `${side.label} is another model than when the vote was made`, {
    hint: 'Bring the model back, or make a new vote: answers of two models must not be mixed',
    path: side.modelPath,
  });
}

/** An answer that came meanwhile from another studio stays. */
function withAnswer(vote: Vote, id: string, index: SideIndex, answer: VoteAnswer): Vote {
  const changed = (item: VoteItem): VoteItem => {
    const [first, second] = item.answers;
    if (index === 0) return { ...item, answers: [first ?? answer, second] };
    return { ...item, answers: [first, second ?? answer] };
  };
  return { ...vote, items: vote.items.map((item) => (item.id === id ? changed(item) : item)) };
}

function promptOf({ messages }: VoteItem, { mode, systemPrompt, template }: VoteSide): Prompt {
  if (mode === 'raw') {
    const text = messages
      .filter(({ role }) => role !== 'system')
      .map((message) => message.text)
      .join('');
    return { kind: 'raw', text, addBos: true, tokens: null };
  }
  const system =
    systemPrompt.trim() === '' || messages[0]?.role === 'system'
      ? []
      : [{ role: 'system' as const, text: systemPrompt }];
  return { kind: 'chat', messages: [...system, ...messages], template, tools: [], answerStart: null };
}
