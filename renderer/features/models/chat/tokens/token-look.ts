// How a token is coloured: by how unlikely it was, or by how unsure the model was there. Five steps of one hue, which lightness
// alone tells apart; from the third on the token is underlined too.
import { useViewState } from '../../../../app/view-state.ts';

export type TokenColouring = 'probability' | 'entropy';

export interface TokenLook {
  /** Whether answers are drawn token by token. */
  readonly isOn: boolean;
  readonly colouring: TokenColouring;
}

const plainLook: TokenLook = { isOn: false, colouring: 'probability' };

function parseLook(stored: unknown): TokenLook | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  return {
    isOn: 'isOn' in stored && stored.isOn === true,
    colouring: 'colouring' in stored && stored.colouring === 'entropy' ? 'entropy' : 'probability',
  };
}

export function useTokenLook(): readonly [TokenLook, (look: TokenLook) => void] {
  return useViewState('models.tokens', parseLook, plainLook);
}

/** Lower bounds of the steps: a probability at least so high has step 0, 1, 2, 3; below the last it has step 4. */
export const PROBABILITY_STEPS = [0.9, 0.5, 0.2, 0.05] as const;
/** Upper bounds in nats; above the last it is step 4. */
export const ENTROPY_STEPS = [0.25, 1, 2, 3] as const;

/** Null where nothing is known. */
export function stepOf(value: number | null, colouring: TokenColouring): number | null {
  if (value === null) return null;
  const step =
    colouring === 'probability'
      ? PROBABILITY_STEPS.findIndex((least) => Math.exp(value) >= least)
      : ENTROPY_STEPS.findIndex((most) => value <= most);
  return step < 0 ? PROBABILITY_STEPS.length : step;
}

/** Words of a step for the legend. */
export const stepWords: Readonly<Record<TokenColouring, readonly string[]>> = {
  probability: ['≥ 90 %', '50–90 %', '20–50 %', '5–20 %', '< 5 %'],
  entropy: ['≤ 0.25', '0.25–1', '1–2', '2–3', '> 3 nats'],
};

/** Spaces at the ends and breaks as signs: a token's boundaries are the point. */
export function visibleText(text: string): string {
  return text.replaceAll('\r', '␍').replaceAll('\n', '⏎\n').replaceAll('\t', '⇥\t');
}

export function percentOf(probability: number): string {
  const percent = probability * 100;
  if (percent >= 99.95) return '100 %';
  if (percent >= 10) return `${percent.toFixed(0)} %`;
  if (percent >= 0.1) return `${percent.toFixed(1)} %`;
  return percent >= 0.001 ? `${percent.toFixed(3)} %` : '< 0.001 %';
}
