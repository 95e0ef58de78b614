// The score in a generation. Source: JQL: the last place where the label is followed by a number counts, and only a whole number on
// the scale is a score.
import type { ScoreScale } from './judge-template.ts';

/** `exact`: 3.5 and 6 are no scores (JQL). `round-and-clamp`: half up to a whole number, then into the scale. */
export type ParseRule = 'exact' | 'round-and-clamp';

export type GenerationStatus = 'success' | 'error_server' | 'error_no_generated_text' | 'error_faulty_score';

export interface ParsedGeneration {
  readonly status: Exclude<GenerationStatus, 'error_server'>;
  readonly score: number | null;
  /** Where the label and its number stand in the text, for showing them; null without a match. */
  readonly match: { readonly start: number; readonly end: number; readonly written: string } | null;
}

export interface ScoreParser {
  parse(text: string): ParsedGeneration;
}

export function scoreParser(
  { label, scale }: { readonly label: string; readonly scale: ScoreScale },
  rule: ParseRule,
): ScoreParser {
  const pattern = new RegExp(`${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*(\\d+(?:\\.\\d+)?)`, 'g');
  const scoreOf = (value: number): number | null => {
    if (rule === 'exact') {
      return Number.isInteger(value) && value >= scale.lowest && value <= scale.highest ? value : null;
    }
    return Math.min(scale.highest, Math.max(scale.lowest, Math.floor(value + 0.5)));
  };
  return {
    parse(text) {
      if (text.trim() === '') return { status: 'error_no_generated_text', score: null, match: null };
      const last = [...text.matchAll(pattern)].at(-1);
      const written = last?.[1];
      if (last === undefined || written === undefined) {
        return { status: 'error_faulty_score', score: null, match: null };
      }
      const score = scoreOf(Number(written));
      return {
        status: score === null ? 'error_faulty_score' : 'success',
        score,
        match: { start: last.index, end: last.index + last[0].length, written },
      };
    },
  };
}
