// Fields of a task file, read one by one; whatever is wrong with one is noted with its line. Pure.
import { objectOf } from '../reading/json-values.ts';
import { PythonFunction, type TaskFields, type TaskProblem } from './task-fields.ts';

export class FieldReader {
  readonly problems: TaskProblem[] = [];
  readonly fields: TaskFields;
  readonly path: string;

  constructor(fields: TaskFields, path: string) {
    this.fields = fields;
    this.path = path;
  }

  note(key: string, text: string, isFatal = true): null {
    const field = this.fields.get(key);
    this.problems.push({
      path: field?.path ?? this.path,
      line: field?.line ?? null,
      text: `${key} ${text}`,
      isFatal,
    });
    return null;
  }

  value(key: string): unknown {
    return this.fields.get(key)?.value ?? null;
  }

  text(key: string, otherwise: string): string {
    const value = this.value(key);
    if (value === null) return otherwise;
    if (typeof value === 'string') return value;
    this.note(key, 'has to be a text');
    return otherwise;
  }

  orNull(key: string): string | null {
    return this.value(key) === null ? null : this.text(key, '');
  }
}

export function holdsFunction(value: unknown): boolean {
  if (value instanceof PythonFunction) return true;
  if (Array.isArray(value)) return value.some(holdsFunction);
  const record = objectOf(value);
  return record !== null && Object.values(record).some(holdsFunction);
}

/** As it stands in a sentence, or is asked. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
