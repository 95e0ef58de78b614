// Colours as a browser computes them, as an SVG file wants them: six hex digits and an opacity.

export interface SvgColor {
  /** `#rrggbb`. */
  readonly hex: string;
  /** 0 to 1. */
  readonly opacity: number;
}

/**
 * Reads `rgb(…)`, `rgba(…)`, `color(srgb …)` and `#rrggbb`; null for none, transparent, references and anything else.
 * Computed values are in these forms whatever the style sheet says, mixed colours as `color(srgb …)`.
 */
export function svgColor(css: string): SvgColor | null {
  const text = css.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(text)) return { hex: text, opacity: 1 };
  const found = /^(rgba?|color)\((?:srgb )?([^)]*)\)$/.exec(text);
  if (!found) return null;
  const scale = found[1] === 'color' ? 255 : 1;
  const parts = (found[2] ?? '').split(/[\s,/]+/).filter((part) => part !== '');
  const channels = parts.slice(0, 3).map((part) => numberOf(part, 255 / scale) * scale);
  const opacity = parts[3] === undefined ? 1 : numberOf(parts[3], 1);
  if (channels.length < 3 || [...channels, opacity].some((value) => Number.isNaN(value))) return null;
  if (opacity <= 0) return null;
  const hex = channels.map((value) =>
    Math.round(Math.min(255, Math.max(0, value)))
      .toString(16)
      .padStart(2, '0'),
  );
  return { hex: `#${hex.join('')}`, opacity: Math.min(1, opacity) };
}

function numberOf(text: string, whole: number): number {
  if (text === 'none') return 0;
  return text.endsWith('%') ? (Number(text.slice(0, -1)) / 100) * whole : Number(text);
}
