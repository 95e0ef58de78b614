// Applies quick fixes one after the other until none is left.
// Knows nothing about single rules; after each fix the whole text is checked again, because fixes move text.

import { checkConfig, type CheckOptions } from './check.ts';
import { applyEdits } from './edit.ts';
import type { Finding, Severity } from './types.ts';

/** No config has so many defects; a rule whose fix does not work would repeat for ever. */
export const MAX_FIXES = 200;

export interface AppliedFix {
  readonly code: string;
  readonly title: string;
  readonly message: string;
}

export interface FixedText {
  readonly text: string;
  readonly applied: readonly AppliedFix[];
  /** Findings that are left, with or without a fix. */
  readonly remaining: readonly Finding[];
}

function nextFix(findings: readonly Finding[], severities: readonly Severity[]): Finding | undefined {
  // Syntax first: an edit in a broken text is riskier and slower than one in a sound text.
  const fixable = findings.filter(({ fix, severity }) => fix !== undefined && severities.includes(severity));
  return fixable.find((finding) => finding.code === 'yaml-syntax') ?? fixable[0];
}

/** Fixes of the given severities, all of them by default; stops when a fix changes nothing. */
export function applyAllFixes(
  text: string,
  options: CheckOptions = {},
  severities: readonly Severity[] = ['error', 'warning', 'info'],
): FixedText {
  const applied: AppliedFix[] = [];
  let current = text;
  let findings = checkConfig(current, options).findings;
  while (applied.length < MAX_FIXES) {
    const finding = nextFix(findings, severities);
    if (finding?.fix === undefined) break;
    const next = applyEdits(current, finding.fix.edits);
    if (next === current) break;
    applied.push({ code: finding.code, title: finding.fix.title, message: finding.message });
    current = next;
    findings = checkConfig(current, options).findings;
  }
  return { text: current, applied, remaining: findings };
}
