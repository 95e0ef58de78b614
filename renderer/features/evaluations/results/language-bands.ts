// Columns of one language beside each other, as bands over the head. Pure.
import { languageName } from './language-name.ts';

export interface LanguageBand {
  readonly label: string;
  readonly first: number;
  readonly count: number;
}

export function languageBands(
  columns: readonly { readonly language: string | null }[],
): readonly LanguageBand[] {
  const bands: { label: string; first: number; count: number }[] = [];
  for (const [place, { language }] of columns.entries()) {
    const label = language === null ? 'No language known' : languageName(language);
    const last = bands.at(-1);
    if (last?.label === label) last.count += 1;
    else bands.push({ label, first: place, count: 1 });
  }
  return bands;
}
