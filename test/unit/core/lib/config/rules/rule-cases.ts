// Small tools for rule tests: templates as clean configs, changes by key path, codes that fire.
import { readFileSync } from 'node:fs';
import type { DeriveOptions } from '../../../../../../core/lib/config/derived/derived-types.ts';
import { deriveNumbers } from '../../../../../../core/lib/config/derived/derive.ts';
import { parseConfig } from '../../../../../../core/lib/config/document.ts';
import { applyEdits, removeKey, setValue } from '../../../../../../core/lib/config/edit.ts';
import type { EditValue } from '../../../../../../core/lib/config/format-scalar.ts';
import { recogniseKind } from '../../../../../../core/lib/config/kinds.ts';
import { parseKeyPath } from '../../../../../../core/lib/config/lookup.ts';
import { runRules } from '../../../../../../core/lib/config/rules/all.ts';
import type { RuleFinding } from '../../../../../../core/lib/config/rules/rule.ts';

const RESOURCES = new URL('../../../../../../resources/', import.meta.url);

export function resource(path: string): string {
  return readFileSync(new URL(path, RESOURCES), 'utf8');
}

export function template(id: string): string {
  return resource(`templates/${id}.yaml`);
}

/** Values by printed key path; `undefined` removes the key. */
export type Changes = Readonly<Record<string, EditValue | undefined>>;

export function changed(text: string, changes: Changes): string {
  let result = text;
  for (const [printed, value] of Object.entries(changes)) {
    const path = parseKeyPath(printed);
    if (path === null) throw new Error(`not a key path: ${printed}`);
    const edit = value === undefined ? removeKey(result, path) : setValue(result, path, value);
    if ('error' in edit) throw new Error(`${printed}: ${edit.error}`);
    result = applyEdits(result, edit.edits);
  }
  return result;
}

export function ruleFindings(text: string, options: DeriveOptions = {}): readonly RuleFinding[] {
  const document = parseConfig(text);
  const kind = recogniseKind(document);
  return runRules({ document, kind, options, derived: deriveNumbers(document, kind, options) });
}

/** Findings of one code. */
export function firing(code: string, text: string, options: DeriveOptions = {}): readonly RuleFinding[] {
  return ruleFindings(text, options).filter((finding) => finding.code === code);
}

export interface RuleCase {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly because: string;
  readonly changes: Changes;
  readonly options?: DeriveOptions;
  /** A near miss: these changes must not make it fire. Left out, the unchanged template is the negative case. */
  readonly unless?: Changes;
  readonly unlessOptions?: DeriveOptions;
  /** False where no quick fix can be known. */
  readonly fixable: boolean;
  /** Text of the value or key that is marked. */
  readonly marks: string;
}

/** Applies the fix of the first finding of a code. */
export function fixed(text: string, code: string, options: DeriveOptions = {}): string {
  const fix = firing(code, text, options)[0]?.fix;
  if (fix === undefined) throw new Error(`no fix for ${code}`);
  return applyEdits(text, fix.edits);
}
