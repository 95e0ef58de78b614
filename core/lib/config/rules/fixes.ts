// Quick fixes of rules: set a value, take keys out, or several of both at once.
// Knows how edits are made (edit.ts does it), not why.

import { removeKeyIn, setValueIn } from '../edit.ts';
import type { EditValue } from '../format-scalar.ts';
import type { ConfigDocument, Fix, KeyPath, TextEdit } from '../types.ts';
import type { RuleContext } from './rule.ts';

export type Change =
  | { readonly kind: 'set'; readonly path: KeyPath; readonly value: EditValue; readonly asFloat?: boolean }
  | { readonly kind: 'remove'; readonly path: KeyPath };

/**
 * In a file with a syntax error every edit is proven by parsing the result, about 1 ms per 3 kB. Beyond this size that
 * would cost more than the 40 ms a check may take, so the syntax error has to be fixed first.
 */
const LONGEST_BROKEN_TEXT = 8 * 1024;

function isTooBroken(document: ConfigDocument): boolean {
  return (
    document.text.length > LONGEST_BROKEN_TEXT &&
    document.problems.some((problem) => problem.code === 'yaml-syntax')
  );
}

/** A fix of several changes, or undefined when one of them cannot be made in this text. */
export function changeFix(context: RuleContext, title: string, changes: readonly Change[]): Fix | undefined {
  const { document } = context;
  if (isTooBroken(document)) return undefined;
  const edits: TextEdit[] = [];
  for (const change of changes) {
    const result =
      change.kind === 'remove'
        ? removeKeyIn(document, change.path)
        : setValueIn(document, change.path, change.value, change.asFloat === true ? { asFloat: true } : {});
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
