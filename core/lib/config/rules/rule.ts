// What a rule is: a code, the kinds it applies to and a check that answers with findings at their place.
// Knows no rule; all.ts has the list, check.ts runs it.

import type { Derived, DeriveOptions } from '../derived/derived-types.ts';
import type { NanotronSettings } from '../derived/nanotron-settings.ts';
import { entryAt, nodeAt } from '../lookup.ts';
import type { ConfigDocument, ConfigKind, Finding, Fix, KeyPath, Severity, TextRange } from '../types.ts';

export interface RuleContext {
  readonly document: ConfigDocument;
  readonly kind: ConfigKind;
  /** Everything the chosen target says; a rule that needs a missing option stays silent. */
  readonly options: DeriveOptions;
  readonly derived: Derived | null;
}

/** A finding before its line and column are known. */
export type RuleFinding = Omit<Finding, 'line' | 'column'>;

export interface Rule {
  readonly code: string;
  readonly kinds: readonly ConfigKind[];
  check(context: RuleContext): readonly RuleFinding[];
}

export interface NanotronContext extends RuleContext {
  readonly derived: Derived;
  readonly settings: NanotronSettings;
}

export interface NanotronRule {
  readonly code: string;
  check(context: NanotronContext): readonly RuleFinding[];
}

export interface Report {
  readonly code: string;
  readonly severity: Severity;
  readonly path: KeyPath;
  readonly message: string;
  readonly reason?: string;
  readonly fix?: Fix | undefined;
}

/** The value when it is a scalar, else its key; for a missing key the nearest parent that is there. */
export function rangeFor(document: ConfigDocument, path: KeyPath): TextRange {
  for (let length = path.length; length > 0; length -= 1) {
    const here = path.slice(0, length);
    const node = nodeAt(document.root, here);
    if (node === undefined) continue;
    const isWholeValue =
      length === path.length && node.kind === 'scalar' && node.range.end > node.range.start;
    if (isWholeValue) return node.range;
    const entry = entryAt(document.root, here);
    if (entry !== undefined) return entry.keyRange;
    return { start: node.range.start, end: Math.min(node.range.start + 1, document.text.length) };
  }
  return { start: 0, end: 0 };
}

/** Places a report in the text. */
export function report(context: RuleContext, draft: Report): RuleFinding {
  const { fix, ...rest } = draft;
  return {
    ...rest,
    range: rangeFor(context.document, draft.path),
    ...(fix === undefined ? {} : { fix }),
  };
}
