// A task file as fields with the lines they stand on. lm-eval's tags for Python (`!function`) are kept as what they are, so that
// they can be named. Pure; the files that one includes are read elsewhere.
import { LineCounter, parseDocument, type ScalarTag, visit } from 'yaml';

export interface TaskField {
  readonly value: unknown;
  readonly path: string;
  readonly line: number | null;
}

export type TaskFields = ReadonlyMap<string, TaskField>;

export interface TaskProblem {
  readonly path: string;
  readonly line: number | null;
  readonly text: string;
  /** The task cannot be run; else it runs, and this is worth knowing. */
  readonly isFatal: boolean;
}

/** What `!function module.name` becomes. */
export class PythonFunction {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const FUNCTION_TAG: ScalarTag = {
  tag: '!function',
  resolve: (text: string) => new PythonFunction(text),
};

/** The largest task file of lm-eval, with samples in it, has 60 kB. */
export const MAX_TASK_BYTES = 1_048_576;
/** An alias that holds aliases multiplies what a file says. */
const MAX_ALIASES = 100;

export interface ReadTaskFields {
  readonly fields: TaskFields;
  readonly includes: readonly string[];
  readonly problems: readonly TaskProblem[];
}

export function taskFields(text: string, path: string): ReadTaskFields {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, customTags: [FUNCTION_TAG] });
  const problems: TaskProblem[] = document.errors.map(({ message, pos }) => ({
    path,
    line: lines.linePos(pos[0]).line,
    text: message.split('\n')[0] ?? 'It is no YAML',
    isFatal: true,
  }));
  const fields = new Map<string, TaskField>();
  if (problems.length > 0) return { fields, includes: [], problems };
  const starts = new Map<string, number>();
  visit(document, {
    Pair(_, pair, ancestors) {
      const key = pair.key as { value?: unknown; range?: readonly [number, number, number] } | null;
      if (ancestors.length === 2 && key?.range) starts.set(String(key.value), key.range[0]);
    },
  });
  let whole: unknown;
  try {
    whole = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    problems.push({
      path,
      line: null,
      text: error instanceof Error ? error.message : String(error),
      isFatal: true,
    });
  }
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) {
    if (problems.length === 0)
      problems.push({
        path,
        line: 1,
        text: 'It is no task: a task file has keys such as task and doc_to_text',
        isFatal: true,
      });
    return { fields, includes: [], problems };
  }
  for (const [key, value] of Object.entries(whole)) {
    const start = starts.get(key);
    fields.set(key, { value, path, line: start === undefined ? null : lines.linePos(start).line });
  }
  const include = fields.get('include')?.value;
  fields.delete('include');
  const includes = (
    Array.isArray(include) ? (include as readonly unknown[]) : include === undefined ? [] : [include]
  ).filter((one): one is string => typeof one === 'string');
  return { fields, includes, problems };
}

/** As lm-eval merges: the later stands in the place of the earlier, key by key. */
export function mergedFields(earlier: TaskFields, later: TaskFields): TaskFields {
  return new Map([...earlier, ...later]);
}
