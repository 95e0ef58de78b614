// A line with its colours: the 16 names are the theme's own, all others are made readable on its ground.
import type { CSSProperties } from 'react';
import type { AnsiColor, AnsiSpan, AnsiStyle, AnsiText } from '../../../../core/lib/log-view/ansi.ts';
import { readableOn, type Rgb } from '../../../../core/lib/log-view/readable-color.ts';

export function AnsiLine({ line, ground }: { readonly line: AnsiText; readonly ground: Rgb }) {
  if (line.spans.length === 0) return line.text;
  const parts: (string | AnsiSpan)[] = [];
  let from = 0;
  for (const span of line.spans) {
    if (span.start > from) parts.push(line.text.slice(from, span.start));
    parts.push(span);
    from = span.end;
  }
  parts.push(line.text.slice(from));
  return parts.map((part, index) =>
    typeof part === 'string' ? (
      part
    ) : (
      // oxlint-disable-next-line react/no-array-index-key
      <span key={index} style={cssOf(part.style, ground)}>
        {line.text.slice(part.start, part.end)}
      </span>
    ),
  );
}

function cssOf(style: AnsiStyle, ground: Rgb): CSSProperties {
  const { color, background, inverse } = style;
  const ink = color === null ? null : inkOf(color, ground);
  const css: CSSProperties = {};
  if (inverse) {
    css.backgroundColor = ink ?? 'var(--ink)';
    css.color = 'var(--panel)';
  } else {
    if (ink !== null) css.color = ink;
    // A wash of the colour: what is written on it stays readable.
    if (background !== null)
      css.backgroundColor = `color-mix(in srgb, ${inkOf(background, ground)} 18%, var(--panel))`;
  }
  if (style.bold) css.fontWeight = 700;
  if (style.dim && ink === null) css.color = 'var(--ink-3)';
  if (style.italic) css.fontStyle = 'italic';
  const lines = [style.underline ? 'underline' : '', style.strike ? 'line-through' : ''].join(' ').trim();
  if (lines !== '') css.textDecoration = lines;
  return css;
}

function inkOf(color: AnsiColor, ground: Rgb): string {
  if (color.kind === 'named') return `var(--ansi-${color.index})`;
  const { red, green, blue } = readableOn(ground, color);
  return `rgb(${red} ${green} ${blue})`;
}
