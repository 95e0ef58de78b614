// The single entry to checking one config: parse, recognise, validate, apply rules, derive numbers.
// The command line, core and the window all call this. Knows nothing about files on disk.

import type { Derived, DeriveOptions } from './derived/derived-types.ts';
import { deriveNumbers } from './derived/derive.ts';
import { parseConfig } from './document.ts';
import { recogniseKind } from './kinds.ts';
import { nodeAt } from './lookup.ts';
import { lineIndex } from './position.ts';
import { runRules } from './rules/all.ts';
import type { RuleFinding } from './rules/rule.ts';
import type { ConfigDocument, ConfigKind, Finding, Severity } from './types.ts';
import { configFindings } from './validate.ts';

export type CheckOptions = DeriveOptions;

export interface CheckResult {
  readonly kind: ConfigKind;
  /** Schema and rule findings in the order of the text, each problem once. */
  readonly findings: readonly Finding[];
  readonly derived: Derived | null;
}

const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function byPosition(left: Finding, right: Finding): number {
  return (
    left.range.start - right.range.start ||
    SEVERITY_ORDER[left.severity] - SEVERITY_ORDER[right.severity] ||
    left.code.localeCompare(right.code)
  );
}

/** Schema findings that a rule at the same key says better. */
const REPLACED_CODES = new Set(['missing-required', 'not-in-list', 'out-of-range']);

/** Behind a syntax error that could not be read around, what seems missing or wrong may be an accident of reading. */
function isTrusted(document: ConfigDocument, finding: RuleFinding): boolean {
  const { trustedUntil } = document;
  if (trustedUntil === undefined) return true;
  return finding.range.end <= trustedUntil && nodeAt(document.root, finding.path) !== undefined;
}

/** Schema and rules may both see that a key is missing or wrong: the rule says more, so it stays. */
function withoutRepeats(schema: readonly Finding[], rules: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  const ruleErrors = new Set(
    rules.filter((finding) => finding.severity === 'error').map((finding) => JSON.stringify(finding.path)),
  );
  const fresh = schema.filter((finding) => {
    return !(REPLACED_CODES.has(finding.code) && ruleErrors.has(JSON.stringify(finding.path)));
  });
  return [...fresh, ...rules].filter((finding) => {
    const identity = `${finding.code} ${finding.range.start} ${finding.range.end} ${finding.message}`;
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

/** The window's style: a single sentence stands without its full stop, several keep theirs. */
function withoutFullStop(finding: Finding): Finding {
  const { message } = finding;
  const isOneSentence = message.endsWith('.') && !message.endsWith('..') && !/[.!?] \p{Lu}/u.test(message);
  return isOneSentence ? { ...finding, message: message.slice(0, -1) } : finding;
}

/** Checks a document that is already parsed. */
export function checkDocument(document: ConfigDocument, options: CheckOptions = {}): CheckResult {
  const kind = recogniseKind(document);
  const derived = deriveNumbers(document, kind, options);
  const lines = lineIndex(document.text);
  const rules = runRules({ document, kind, options, derived })
    .filter((finding) => isTrusted(document, finding))
    .map((finding): Finding => ({ ...finding, ...lines.positionAt(finding.range.start) }));
  return {
    kind,
    findings: withoutRepeats(configFindings(document, kind), rules).map(withoutFullStop).toSorted(byPosition),
    derived,
  };
}

/**
 * Checks the text of one config. Never throws on bad input: broken YAML gives findings with line and column.
 * Options say what the chosen target offers; rules that need what is not said stay silent.
 */
export function checkConfig(text: string, options: CheckOptions = {}): CheckResult {
  return checkDocument(parseConfig(text), options);
}
