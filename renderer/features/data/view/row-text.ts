// A row as text to copy: JSON with its own types, or a Markdown table of two columns. Pure.
import type { Cell, DatasetDocument } from '../../../../core/api/dataset-rows.ts';

/** Nested values travel as JSON text: they become values again. */
function valueOf(value: Cell, type: string): unknown {
  const isNested = /\[\d*\]$/.test(type) || /^(STRUCT|MAP|UNION|JSON)/.test(type);
  if (!isNested || typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

export function rowAsJson({ fields }: DatasetDocument): string {
  const object = Object.fromEntries(fields.map(({ name, type, value }) => [name, valueOf(value, type)]));
  return JSON.stringify(object, null, 2);
}

export function rowAsMarkdown({ fields }: DatasetDocument): string {
  const line = (name: string, value: string) =>
    `| ${name.replaceAll('|', '\\|')} | ${value.replaceAll('|', '\\|').replaceAll(/\r?\n/g, '<br>')} |`;
  return [
    '| Field | Value |',
    '| --- | --- |',
    ...fields.map(({ name, value }) => line(name, value === null ? '' : String(value))),
  ].join('\n');
}

/** Null: there is nothing in the cell. */
export function cellAsText({ fields }: DatasetDocument, column: string): string | null {
  const value = fields.find(({ name }) => name === column)?.value ?? null;
  return value === null ? null : String(value);
}
