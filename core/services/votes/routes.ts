// Routes of blind votes: binds the contract to the services of this folder. What a voter is sent says nothing about whose answer is
// whose until the vote is not blind any more.
import { StudioError } from '../../api/errors.ts';
import { type NewVoteSide, type VoteEntry, type VoteSummary, voteWorkKey } from '../../api/votes.ts';
import type { Vote, VoteItem, VoteSide } from '../../lib/votes/vote.ts';
import { sideOnLeft } from '../../lib/votes/vote-order.ts';
import { voteResult } from '../../lib/votes/vote-result.ts';
import { itemState, nextItem, type Voter, voteProgress, voteText } from '../../lib/votes/vote-state.ts';
import { api } from '../base.ts';
import type { ChatEngine } from '../model-runtime/engine.ts';
import type { CoreContext } from '../context.ts';
import { appendLine } from '../files/append-line.ts';
import { personFile } from '../files/person-files.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { moveToTrash } from '../files/trash.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import type { Fingerprints } from '../models/fingerprints.ts';
import { progressEvents } from '../progress-events.ts';
import { prepareAnswers } from './prepare-answers.ts';
import { changeVote, createVote, readVote, readVoters, VOTE_FOLDER, voteNames } from './vote-files.ts';

export interface VoteServices {
  readonly engine: ChatEngine;
  readonly fingerprints: Fingerprints;
}

interface Done {
  readonly done: number;
  readonly total: number;
}

export function votesRoutes(context: CoreContext, { engine, fingerprints }: VoteServices) {
  const root = () => context.workspace.require().path;
  const requireWritable = (): void => {
    if (!context.workspace.require().readOnly) return;
    throw new StudioError('READ_ONLY', 'This workspace can only be read', {
      hint: 'Vote in a copy of it that you may write to',
      path: root(),
    });
  };
  const sideOf = async (side: NewVoteSide): Promise<VoteSide> => {
    const { modelKey, weightsSha256, quantization } = await fingerprints.of(
      await resolveInside(root(), side.modelPath),
    );
    return { ...side, modelKey, weightsSha256, quantization };
  };
  const summary = async (name: string) =>
    summaryOf(name, await readVote(root(), name), await readVoters(root(), name));

  return {
    procedures: {
      list: api.votes.list.handler(async () => {
        const workspace = root();
        const names = await voteNames(workspace);
        const entries: VoteEntry[] = [];
        // One after the other: a vote may be large, and nothing of it but its summary is kept.
        for (const name of names) {
          entries.push(
            await summary(name).then(
              (read) => ({ kind: 'vote' as const, ...read }),
              (error: unknown) => ({
                kind: 'problem' as const,
                vote: name,
                problem: error instanceof Error ? error.message : String(error),
              }),
            ),
          );
        }
        const newest = (entry: VoteEntry) => (entry.kind === 'vote' ? entry.createdMs : -Infinity);
        return entries.sort((a, b) => newest(b) - newest(a));
      }),
      read: api.votes.read.handler(({ input }) => summary(input.vote)),
      create: api.votes.create.handler(async ({ input }) => {
        requireWritable();
        const { name, seed, source, sides, prompts } = input;
        if (new Set(prompts.map(({ id }) => id)).size < prompts.length) {
          throw new StudioError('INVALID_INPUT', 'Two prompts have the same id', {
            hint: 'Give each prompt an id of its own',
          });
        }
        const vote: Vote = {
          version: 1,
          name,
          createdMs: Date.now(),
          seed,
          source,
          sides: [await sideOf(sides[0]), await sideOf(sides[1])],
          items: prompts.map((prompt) => ({ ...prompt, answers: [null, null] })),
          unblinded: null,
        };
        await createVote(root(), input.vote, vote);
        return summaryOf(input.vote, vote, []);
      }),
      prepare: api.votes.prepare.handler(({ input, signal }) => {
        requireWritable();
        const workspace = root();
        const work = (onProgress: (progress: Done) => void) =>
          context.activities.run(
            {
              title: `Answers for the vote ${input.vote}`,
              unit: 'answers',
              signal,
              outlives: true,
              key: voteWorkKey(input.vote),
            },
            async (running) => {
              const vote = await prepareAnswers(workspace, input.vote, {
                engine,
                fingerprints,
                signal: running.signal,
                onProgress: (done, total) => {
                  running.progress(done, total);
                  onProgress({ done, total });
                },
              });
              return summaryOf(input.vote, vote, await readVoters(workspace, input.vote));
            },
          );
        return progressEvents(work);
      }),
      next: api.votes.next.handler(async ({ input }) => {
        const vote = await readVote(root(), input.vote);
        const voters = await readVoters(root(), input.vote);
        return { position: nextItem(vote, voterOf(voters, input.voter), input.after) };
      }),
      at: api.votes.at.handler(async ({ input }) => {
        const vote = await readVote(root(), input.vote);
        const item = vote.items[input.position];
        if (item === undefined) {
          throw new StudioError('NOT_FOUND', `The vote ${input.vote} has no item ${input.position + 1}`, {
            hint: `Choose one of 1 to ${vote.items.length}`,
          });
        }
        const mine = voterOf(await readVoters(root(), input.vote), input.voter)?.choices.get(item.id) ?? null;
        // A choice stays beside the answers it was made of.
        const left = mine?.left ?? sideOnLeft(vote.seed, item.id, input.voter);
        return {
          position: input.position,
          items: vote.items.length,
          id: item.id,
          messages: item.messages,
          state: itemState(item),
          ...shownAnswers(item, left),
          mine: mine?.choice ?? null,
          leftSide: vote.unblinded === null ? null : left,
        };
      }),
      cast: api.votes.cast.handler(async ({ input }) => {
        requireWritable();
        const vote = await readVote(root(), input.vote);
        const position = vote.items.findIndex(({ id }) => id === input.item);
        const item = vote.items[position];
        if (item === undefined || itemState(item) !== 'ready') {
          throw new StudioError('NOT_FOUND', `${input.item} is nothing to vote on`, {
            hint: 'Go on with an item of the vote that has two different answers',
          });
        }
        if (vote.unblinded !== null) throw notBlind(input.vote);
        const path = await resolveInside(root(), `${VOTE_FOLDER}/${input.vote}/${personFile(input.voter)}`);
        const left = sideOnLeft(vote.seed, item.id, input.voter);
        await withFileLock(root(), path, () =>
          appendLine(path, voteText({ item: item.id, choice: input.choice, left, atMs: Date.now() })),
        );
        const voters = await readVoters(root(), input.vote);
        return { next: nextItem(vote, voterOf(voters, input.voter), position) };
      }),
      unblind: api.votes.unblind.handler(async ({ input }) => {
        requireWritable();
        const vote = await changeVote(root(), input.vote, (now) =>
          now.unblinded === null ? { ...now, unblinded: { by: input.voter, atMs: Date.now() } } : now,
        );
        return summaryOf(input.vote, vote, await readVoters(root(), input.vote));
      }),
      result: api.votes.result.handler(async ({ input }) => {
        const vote = await readVote(root(), input.vote);
        if (vote.unblinded === null) {
          throw new StudioError('CONFLICT', `The vote ${input.vote} is still blind`, {
            hint: 'End the blindness first; nobody can vote afterwards',
          });
        }
        return voteResult(vote, await readVoters(root(), input.vote));
      }),
      remove: api.votes.remove.handler(async ({ input }) => {
        requireWritable();
        return { restoreToken: await moveToTrash(root(), `${VOTE_FOLDER}/${input.vote}`) };
      }),
    },
    dispose: async () => {},
  };
}

function voterOf(voters: readonly Voter[], name: string): Voter | undefined {
  return voters.find(({ voter }) => voter === name);
}

function shownAnswers({ answers: [first, second] }: VoteItem, left: 0 | 1) {
  return left === 0 ? { left: first, right: second } : { left: second, right: first };
}

function notBlind(name: string): StudioError {
  return new StudioError('CONFLICT', `The vote ${name} is not blind any more`, {
    hint: 'Make a new vote to go on',
  });
}

function summaryOf(name: string, vote: Vote, voters: readonly Voter[]): VoteSummary {
  const { createdMs, seed, source, sides, unblinded } = vote;
  return {
    vote: name,
    name: vote.name,
    createdMs,
    seed,
    source,
    sides,
    unblinded,
    progress: voteProgress(vote, voters),
  };
}
