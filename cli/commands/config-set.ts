// Changes one value of a config file by splicing its characters. Knows no schema.
import { basename, dirname } from 'node:path';
import { StudioError } from '../../core/api/errors.ts';
import { parseConfig } from '../../core/lib/config/document.ts';
import { applyEdits, setValue } from '../../core/lib/config/edit.ts';
import type { EditValue } from '../../core/lib/config/format-scalar.ts';
import { nodeAt, parseKeyPath } from '../../core/lib/config/lookup.ts';
import type { ConfigNode } from '../../core/lib/config/types.ts';
import { MAX_CONFIG_BYTES } from '../../core/services/configs/config-files.ts';
import { isWritable, readTextFile } from '../../core/services/files/read-text.ts';
import { writeFileAtomic } from '../../core/services/files/write-atomic.ts';

export interface SetResult {
  readonly file: string;
  readonly key: string;
  readonly changed: boolean;
  /** The characters that stood there; null when the key is new. */
  readonly before: string | null;
  readonly after: string;
  /** 1-based line of the change. */
  readonly line: number;
}

/** `path` is absolute. INVALID_INPUT for a key or value that does not fit, READ_ONLY for a file that may not be written. */
export async function setConfigValue(path: string, key: string, valueText: string): Promise<SetResult> {
  const keyPath = parseKeyPath(key);
  if (keyPath === null || keyPath.length === 0) {
    throw new StudioError('INVALID_INPUT', `${key} is not a key path`, {
      hint: 'Write it like tokens.train_steps or data_stages[0].name',
    });
  }
  const { text } = await readTextFile(path, MAX_CONFIG_BYTES);
  const value = parseValue(valueText);
  let result = setValue(text, keyPath, value);
  const first = 'edits' in result ? result.edits[0] : undefined;
  // A value that stood in quotes was meant as text: `"5"` set to 6 stays text.
  if (
    first &&
    typeof value !== 'string' &&
    value !== null &&
    /^["']/.test(text.slice(first.start, first.end))
  ) {
    result = setValue(text, keyPath, valueText);
  }
  if ('error' in result) {
    throw new StudioError('INVALID_INPUT', result.error, { hint: 'The file was not changed', path });
  }
  const edit = result.edits[0];
  if (!edit) return { file: path, key, changed: false, before: valueText, after: valueText, line: 0 };
  if (!(await isWritable(path)) || !(await isWritable(dirname(path)))) {
    throw new StudioError('READ_ONLY', `${basename(path)} may not be written`, {
      hint: 'Ask for permission on the folder, or work on a copy',
      path,
    });
  }
  await writeFileAtomic(path, applyEdits(text, result.edits));
  return {
    file: path,
    key,
    changed: true,
    before: edit.start === edit.end ? null : text.slice(edit.start, edit.end),
    after: edit.newText.trim(),
    line: text.slice(0, edit.start).split('\n').length,
  };
}

/** One value written as YAML. `1e-8` means the number here, although PyYAML would read a string. */
function parseValue(text: string): EditValue {
  if (/^[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+$/.test(text)) return Number(text);
  const document = parseConfig(`value: ${text}`);
  const node = nodeAt(document.root, ['value']);
  if (document.problems.length > 0 || node === undefined || node.range.end < text.trimEnd().length)
    return text;
  return toValue(node);
}

function toValue(node: ConfigNode): EditValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toValue);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, toValue(entry.value)]));
}
