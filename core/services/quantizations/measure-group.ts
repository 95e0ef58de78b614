// A table of models beside each other: the largest first, because the others are compared with it; each in a process of its own that
// ends before the next one begins.
import { cpus } from 'node:os';
import type { DeviceProfile } from '../../api/generation.ts';
import type { QuantizationMember, QuantizationRow, QuantizationTable } from '../../api/quantizations.ts';
import { bitsPerByte, lossAgainst, type ScoredPosition } from '../../lib/quantizations/quantization-loss.ts';
import type { ChatEngine } from '../model-runtime/engine.ts';
import { toStudioError } from '../system-errors.ts';
import type { HeldOutText } from './held-out.ts';
import { GENERATED_TOKENS, measureSpeed, PROMPT_TOKENS, scoreHeldOut } from './measure-model.ts';

export interface GroupProgress {
  readonly done: number;
  readonly total: number;
  readonly path: string | null;
  readonly what: string;
  readonly rows: QuantizationRow[];
}

export interface MeasureGroupOptions {
  readonly engine: ChatEngine;
  /** Absolute path of a member. */
  pathOf(path: string): Promise<string>;
  readonly texts: readonly HeldOutText[];
  readonly device: DeviceProfile | null;
  readonly repeats: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: GroupProgress) => void;
}

type Scores = ReadonlyMap<string, readonly ScoredPosition[]>;

export async function measureGroup(
  members: readonly QuantizationMember[],
  options: MeasureGroupOptions,
): Promise<QuantizationTable> {
  const { engine, texts, device, repeats, signal, onProgress } = options;
  const sorted = [...members].sort((a, b) => b.sizeBytes - a.sizeBytes);
  const rows: QuantizationRow[] = [];
  let reference: Scores | null = null;
  let promptTokens = PROMPT_TOKENS;
  const stages = 1 + texts.length;
  const say = (at: number, path: string | null, what: string) =>
    onProgress({ done: at, total: sorted.length * stages, path, what, rows: [...rows] });
  for (const [index, member] of sorted.entries()) {
    signal.throwIfAborted();
    const { path } = member;
    let row: QuantizationRow = { ...member, ...unmeasured };
    const scores = new Map<string, readonly ScoredPosition[]>();
    try {
      const absolute = await options.pathOf(path);
      await engine.unload(null);
      say(index * stages, path, 'speed');
      const text = texts.map((one) => one.text).join('\n\n');
      const speed = await measureSpeed(absolute, { engine, device, repeats, text, signal });
      ({ promptTokens } = speed);
      const { promptTokens: _prompt, ...figures } = speed;
      row = { ...row, ...figures };
      for (const [at, one] of texts.entries()) {
        say(index * stages + 1 + at, path, `likelihood of the ${one.name} text`);
        scores.set(one.name, await scoreHeldOut(absolute, one, { engine, signal }));
      }
      row = { ...row, ...qualityOf(scores, reference, texts) };
      reference ??= scores;
    } catch (error) {
      if (signal.aborted) throw error;
      row = { ...row, problem: toStudioError(error).message };
    }
    rows.push(row);
  }
  say(sorted.length * stages, null, 'done');
  const [processor] = cpus();
  return {
    measuredMs: Date.now(),
    reference: sorted[0]?.path ?? '',
    device,
    machine: `${processor?.model.trim() ?? 'unknown processor'} · ${cpus().length} cores`,
    repeats,
    promptTokens,
    generatedTokens: GENERATED_TOKENS,
    texts: texts.map(({ name, bytes }) => ({ text: name, bytes })),
    rows,
  };
}

const unmeasured: Omit<QuantizationRow, keyof QuantizationMember> = {
  loadMs: null,
  promptTokensPerSecond: null,
  tokensPerSecond: null,
  timeToFirstTokenMs: null,
  memoryBytes: null,
  bitsPerByte: [],
  loss: null,
  problem: null,
};

function qualityOf(
  scores: Scores,
  reference: Scores | null,
  texts: readonly HeldOutText[],
): Pick<QuantizationRow, 'bitsPerByte' | 'loss'> {
  const own = texts.map((text) => ({
    text: text.name,
    value: bitsPerByte(scores.get(text.name) ?? [], text.bytes),
  }));
  if (reference === null) return { bitsPerByte: own, loss: null };
  const all = (of: Scores) => texts.flatMap(({ name }) => of.get(name) ?? []);
  const bytes = texts.reduce((sum, text) => sum + text.bytes, 0);
  return { bitsPerByte: own, loss: lossAgainst(all(reference), all(scores), bytes) };
}
