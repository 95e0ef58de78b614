// Words and numbers that YAML 1.1 reads otherwise than a person would, wherever they stand, also under unknown keys.
// What the schema already reports at the same place is left to it. Exports: trapIssues.
import { formatScalar } from '../format-scalar.ts';
import type { ConfigNode, KeyPath, ScalarNode } from '../types.ts';
import type { Issue } from './issue.ts';

const BOOL_WORD = /^(?:yes|no|on|off)$/i;
const LEADING_ZEROS = /^[-+]?0[0-7_]*[1-9][0-7_]*$/;
const GROUPED = /^[-+]?\d{1,3}(?:_\d{3})+(?:\.\d*(?:[eE][-+]\d+)?)?$/;

function trap(node: ScalarNode): Pick<Issue, 'code' | 'message' | 'fix'> | null {
  if (node.quoted || node.source.startsWith('*')) return null;
  const replaced = (title: string, newText: string) => ({ title, edits: [{ ...node.range, newText }] });
  if (node.type === 'bool' && BOOL_WORD.test(node.source)) {
    const word = String(node.value);
    return {
      code: 'yaml-bool-word',
      message: `${node.source} is read as ${word}; ${word} says so, and '${node.source}' would be text.`,
      fix: replaced(`Write ${word}`, word),
    };
  }
  if (node.type !== 'int' && node.type !== 'float') return null;
  if (node.source.includes(':')) {
    return {
      code: 'yaml-sexagesimal',
      message: `${node.source} is read as the number ${String(node.value)}: parts between colons count in sixties.`,
      fix: replaced('Quote it as text', `'${node.source}'`),
    };
  }
  if (node.type === 'int' && LEADING_ZEROS.test(node.source)) {
    const decimal = node.source.replaceAll('_', '').replace(/^([-+]?)0+/, '$1');
    return {
      code: 'yaml-octal',
      message: `${node.source} is read in base 8, as ${String(node.value)}, because of its leading zero.`,
      fix: replaced(`Write ${decimal}`, decimal),
    };
  }
  if (node.source.includes('_') && !GROUPED.test(node.source) && !/^[-+]?0[bx]/.test(node.source)) {
    const plain = formatScalar(node.value, node.type === 'float' ? { asFloat: true } : {});
    return {
      code: 'yaml-underscore-number',
      message: `${node.source} is read as the number ${String(node.value)}: underscores are left out.`,
      fix: replaced(`Write ${plain}`, plain),
    };
  }
  return null;
}

/** Warnings for every such scalar that is not in `reported` (start offsets the schema already speaks about). */
export function trapIssues(
  root: ConfigNode | null,
  reported: ReadonlySet<number>,
  expectsBool: (path: KeyPath) => boolean,
): readonly Issue[] {
  const issues: Issue[] = [];
  const walk = (node: ConfigNode, path: KeyPath): void => {
    if (node.kind === 'map') for (const entry of node.entries) walk(entry.value, [...path, entry.key]);
    else if (node.kind === 'list') node.items.forEach((item, index) => walk(item, [...path, index]));
    else if (!reported.has(node.range.start)) {
      const found = trap(node);
      if (found === null || (found.code === 'yaml-bool-word' && expectsBool(path))) return;
      issues.push({
        ...found,
        severity: 'warning',
        range: node.range,
        path,
        reason: 'The training tools read YAML 1.1 with PyYAML.',
      });
    }
  };
  if (root !== null) walk(root, []);
  return issues;
}
