import { describe, expect, it } from 'vitest';
import { svgColor } from '../../../../renderer/charts/css-color.ts';

describe('svgColor', () => {
  it.each([
    ['rgb(0, 114, 178)', { hex: '#0072b2', opacity: 1 }],
    ['rgba(0, 114, 178, 0.25)', { hex: '#0072b2', opacity: 0.25 }],
    ['rgb(16 19 23 / 14%)', { hex: '#101317', opacity: 0.14 }],
    ['color(srgb 1 0.5 0)', { hex: '#ff8000', opacity: 1 }],
    ['color(srgb 0.2 0.2 0.2 / 0.5)', { hex: '#333333', opacity: 0.5 }],
    ['color(srgb 1.2 -0.1 none)', { hex: '#ff0000', opacity: 1 }],
    ['#C2410C', { hex: '#c2410c', opacity: 1 }],
  ])('reads %s', (css, expected) => {
    expect(svgColor(css)).toEqual(expected);
  });
  it.each(['none', 'transparent', 'rgba(0, 0, 0, 0)', 'url("#a")', 'rgb(1, 2)', 'rgb(a, b, c)', ''])(
    'takes %s as no colour',
    (css) => {
      expect(svgColor(css)).toBeNull();
    },
  );
});
