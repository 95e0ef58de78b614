// How the lab writes its numbers: shares with one decimal, changes with a sign, a dash where nothing is known. Pure.
import { formatFixed, formatSigned } from '../../../../ui/format.ts';

/** `0.2098` → `21.0 %`; null → `–`. */
export function percentText(share: number | null, decimals = 1): string {
  return share === null || !Number.isFinite(share) ? '–' : `${(100 * share).toFixed(decimals)} %`;
}

/** `4.84` → `+4.8 %`, `-15.83` → `−15.8 %` (a real minus); null → `–`. */
export function changeText(percent: number | null): string {
  if (percent === null || !Number.isFinite(percent)) return '–';
  const text = formatSigned(percent, 1);
  return text === '0.0' ? '±0.0 %' : `${text} %`;
}

/** `2.42`, or the range `2.10–2.61`, `−0.10 to 2.61`; null without any. */
export function rangeText(values: readonly number[], decimals = 2): string | null {
  if (values.length === 0) return null;
  const low = formatFixed(Math.min(...values), decimals);
  const high = formatFixed(Math.max(...values), decimals);
  return low === high ? low : low.startsWith('−') ? `${low} to ${high}` : `${low}–${high}`;
}

/** `score_edu_gemma` → `edu gemma`: the part of a column's name that tells heads apart. */
export function headLabel(name: string): string {
  const short = name.replace(/^.*\./, '').replace(/^score[_-]?|[_-]?score$/gi, '');
  return short === '' ? name : short.replaceAll('_', ' ');
}
