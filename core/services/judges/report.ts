// A judgement in numbers, read from its lines: the same whether it runs, was killed, or is finished.
import { join } from 'node:path';
import { costOf } from '../../lib/judges/judge-estimate.ts';
import { isUnanswered, judgedKey } from '../../lib/judges/judgement-line.ts';
import { createTally, type JudgementTally } from '../../lib/judges/judgement-tally.ts';
import type { Judgement } from '../../lib/judges/judgement.ts';
import { ANNOTATIONS_FILE, readLines, requireJudgement } from './judgement-files.ts';
import { ownerOf } from './judgement-owner.ts';

export type JudgementState = 'running' | 'stopped' | 'finished';

export interface JudgementReport {
  readonly judgement: Judgement;
  readonly state: JudgementState;
  readonly tally: JudgementTally;
  /** So far, by the prices of the judgement; null without prices. */
  readonly cost: number | null;
  /** The server never answered; they are asked again on resuming. */
  readonly unansweredDocuments: number;
  readonly brokenLines: number;
}

export async function reportJudgement(folder: string): Promise<JudgementReport> {
  const judgement = await requireJudgement(folder);
  const tally = createTally(judgement.judge.template.scale.highest);
  const broken = { count: 0 };
  const seen = new Set<string>();
  let unansweredDocuments = 0;
  for await (const line of readLines(join(folder, ANNOTATIONS_FILE), broken)) {
    const key = judgedKey(line);
    if (seen.has(key)) continue;
    seen.add(key);
    if (isUnanswered(line)) unansweredDocuments += 1;
    tally.add(line);
  }
  const snapshot = tally.snapshot();
  return {
    judgement,
    state: await stateOf(folder, judgement),
    tally: snapshot,
    cost:
      judgement.price === null
        ? null
        : costOf(snapshot.promptTokens, snapshot.completionTokens, judgement.price),
    unansweredDocuments,
    brokenLines: broken.count,
  };
}

export async function stateOf(folder: string, judgement: Judgement): Promise<JudgementState> {
  if ((await ownerOf(folder)) !== null) return 'running';
  return judgement.ended?.kind === 'finished' ? 'finished' : 'stopped';
}
