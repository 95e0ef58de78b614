// Quick fixes of rules: set a value, take keys out, or several of both at once.
// Knows how edits are made (edit.ts does it), not why.

import { type EditResult, removeKeyIn, setValueIn } from '../edit.ts';
import type { EditValue } from '../format-scalar.ts';
import type { ConfigDocument, Fix, KeyPath, TextEdit } from '../types.ts';
import type { RuleContext } from './rule.ts';

export type Change =
  | { readonly kind: 'set'; readonly path: KeyPath; readonly value: EditValue; readonly asFloat?: boolean }
  | { readonly kind: 'remove'; readonly path: KeyPath };

/**
 * In a file with a syntax error edit.ts proves every edit by parsing its result, a few milliseconds each. Where the error
 * could be read around, only edits this near to it (about ten lines) need the proof.
 */
const NEAR_CHARACTERS = 400;

function isNearProblem(document: ConfigDocument, edits: readonly TextEdit[]): boolean {
  return document.problems.some((problem) =>
    edits.some(
      (edit) =>
        edit.start < problem.range.end + NEAR_CHARACTERS && edit.end > problem.range.start - NEAR_CHARACTERS,
    ),
  );
}

function editsFor(document: ConfigDocument, change: Change): EditResult {
  if (change.kind === 'remove') return removeKeyIn(document, change.path);
  const options = change.asFloat === true ? { asFloat: true } : {};
  const unproven = setValueIn({ ...document, problems: [] }, change.path, change.value, options);
  if ('error' in unproven || !isNearProblem(document, unproven.edits)) return unproven;
  return setValueIn(document, change.path, change.value, options);
}

/** A fix of several changes, or undefined when one of them cannot be made in this text. */
export function changeFix(context: RuleContext, title: string, changes: readonly Change[]): Fix | undefined {
  const { document } = context;
  // Behind an error that could not be read around nothing is certain: the syntax comes first.
  if (document.trustedUntil !== undefined) return undefined;
  const edits: TextEdit[] = [];
  for (const change of changes) {
    const result = editsFor(document, change);
    if ('error' in result) return undefined;
    edits.push(...result.edits);
  }
  return edits.length === 0 ? undefined : { title, edits };
}

/** Sets one value; the key is created when it is missing. */
export function setFix(
  context: RuleContext,
  title: string,
  path: KeyPath,
  value: EditValue,
): Fix | undefined {
  return changeFix(context, title, [{ kind: 'set', path, value }]);
}

/** Sets one value that must stay a float in YAML: `1` becomes `1.0`. */
export function setFloatFix(
  context: RuleContext,
  title: string,
  path: KeyPath,
  value: number,
): Fix | undefined {
  return changeFix(context, title, [{ kind: 'set', path, value, asFloat: true }]);
}

/** Takes one key out, with its line. */
export function removeFix(context: RuleContext, title: string, path: KeyPath): Fix | undefined {
  return changeFix(context, title, [{ kind: 'remove', path }]);
}
