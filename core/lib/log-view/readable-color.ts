// Colours that a program chose for another ground: moved towards black or white until they can be read on this one.
// Contrast as WCAG 2.2 defines it.

export interface Rgb {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** What WCAG asks of text of this size. */
const MIN_CONTRAST = 4.5;
const STEPS = 20;

/** Relative luminance, 0 (black) to 1 (white). */
export function luminance({ red, green, blue }: Rgb): number {
  const linear = (value: number): number => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The colour itself where it can be read, else the nearest mix with black or white that can. */
export function readableOn(ground: Rgb, color: Rgb, least = MIN_CONTRAST): Rgb {
  if (contrast(ground, color) >= least) return color;
  const white: Rgb = { red: 255, green: 255, blue: 255 };
  const black: Rgb = { red: 0, green: 0, blue: 0 };
  const end = contrast(ground, white) > contrast(ground, black) ? white : black;
  for (let step = 1; step < STEPS; step += 1) {
    const mixed = mix(color, end, step / STEPS);
    if (contrast(ground, mixed) >= least) return mixed;
  }
  return end;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (a: number, b: number): number => Math.round(a + (b - a) * share);
  return {
    red: part(from.red, to.red),
    green: part(from.green, to.green),
    blue: part(from.blue, to.blue),
  };
}
