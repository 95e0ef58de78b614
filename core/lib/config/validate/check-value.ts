// Checks a node against a schema type, recursively. Unions take the first option that fits, as dacite does; when none
// fits, the option with the fewest problems explains itself. Exports: checkObject, checkValue.
import type { ObjectSchema, SchemaField, ValueType } from '../schema/types.ts';
import type { MapEntry, MapNode, Severity } from '../types.ts';
import { checkScalar } from './check-scalar.ts';
import { type CheckContext, type Issue, nodeName, type Placed, pointAt, typeName } from './issue.ts';
import { nearest } from './suggest.ts';

/** Issues of a value; empty when it fits. */
export function checkValue(placed: Placed, type: ValueType, context: CheckContext): readonly Issue[] {
  const { node } = placed;
  switch (type.kind) {
    case 'any':
      return [];
    case 'union':
      return checkUnion(placed, type.options, context);
    case 'object':
      return node.kind === 'map'
        ? checkObject({ ...placed, node }, type.object, context)
        : [mismatch(placed, type, context)];
    case 'map':
      if (node.kind !== 'map') return [mismatch(placed, type, context)];
      return node.entries.flatMap((entry) =>
        checkEntry(placed, entry, { type: type.value, nullable: true }, context),
      );
    case 'list': {
      if (node.kind !== 'list') return [mismatch(placed, type, context)];
      const issues = node.items.flatMap((item, index) =>
        checkValue({ node: item, path: [...placed.path, index] }, type.item, context),
      );
      const minimum = type.minimumItems ?? 0;
      if (node.items.length >= minimum) return issues;
      const message = `The list needs at least ${minimum} item${minimum === 1 ? '' : 's'}.`;
      return [
        ...issues,
        { code: 'too-few-items', severity: 'error', range: pointAt(placed), path: placed.path, message },
      ];
    }
    case 'int':
    case 'float':
    case 'bool':
    case 'str':
    case 'path':
    case 'enum':
      return node.kind === 'scalar'
        ? checkScalar({ ...placed, node }, type, context)
        : [mismatch(placed, type, context)];
  }
}

function mismatch(placed: Placed, type: ValueType, context: CheckContext): Issue {
  const { node } = placed;
  const what = node.kind === 'scalar' && node.type === 'null' ? 'nothing is written' : nodeName(node);
  const message = `Here must be ${typeName(type)}, but ${node.kind === 'scalar' ? what : `this is ${what}`}.`;
  return {
    code: 'wrong-type',
    severity: 'error',
    range: pointAt(placed),
    path: placed.path,
    message,
    reason: `Read from ${context.source}.`,
  };
}

const WEIGHT: Readonly<Record<Severity, number>> = { error: 100, warning: 1, info: 0 };

const UNKNOWN_KEY_WEIGHT = 150;

function checkUnion(placed: Placed, options: readonly ValueType[], context: CheckContext): readonly Issue[] {
  let best: { readonly issues: readonly Issue[]; readonly cost: number } | null = null;
  for (const option of options) {
    const issues = checkValue(placed, option, context);
    // An unknown key says "another class" more strongly than a wrong value or a missing key does.
    const cost = issues.reduce(
      (sum, issue) => sum + (issue.code === 'unknown-key' ? UNKNOWN_KEY_WEIGHT : WEIGHT[issue.severity]),
      kindCost(placed, option),
    );
    if (
      !issues.some((issue) => issue.severity === 'error') &&
      !issues.some((issue) => issue.code === 'unknown-key')
    )
      return issues;
    if (best === null || cost < best.cost) best = { issues, cost };
  }
  const simple =
    options.every((option) => option.kind !== 'object') &&
    best !== null &&
    best.issues.every((issue) => issue.fix === undefined);
  const single =
    best?.issues.length === 1 &&
    best.issues[0]?.code === 'wrong-type' &&
    best.issues[0].path.length === placed.path.length;
  return simple && single ? [mismatch(placed, { kind: 'union', options }, context)] : (best?.issues ?? []);
}

/** An option of another shape explains nothing about the value. */
function kindCost(placed: Placed, option: ValueType): number {
  const shape =
    option.kind === 'object' || option.kind === 'map' ? 'map' : option.kind === 'list' ? 'list' : 'scalar';
  return placed.node.kind === shape ? 0 : 1000;
}

/** Issues of a section: unknown and missing keys, and those of its values. */
export function checkObject(
  placed: Placed & { readonly node: MapNode },
  object: ObjectSchema,
  context: CheckContext,
): readonly Issue[] {
  const issues: Issue[] = [];
  for (const entry of placed.node.entries) {
    const field = Object.hasOwn(object.fields, entry.key) ? object.fields[entry.key] : undefined;
    if (field === undefined) {
      if (object.unknownKeys !== 'allow') issues.push(unknownKey(placed, entry, { object, context }));
      continue;
    }
    if (field.deprecated !== undefined) issues.push(deprecated(placed, entry, field));
    issues.push(...checkEntry(placed, entry, field, context));
  }
  for (const [key, field] of Object.entries(object.fields)) {
    if (field.required === true && !placed.node.entries.some((entry) => entry.key === key)) {
      issues.push(missing(placed, { key, field, object }, context));
    }
  }
  return issues;
}

function checkEntry(
  parent: Placed,
  entry: MapEntry,
  field: Pick<SchemaField, 'type' | 'nullable'>,
  context: CheckContext,
): readonly Issue[] {
  const node = entry.value;
  // Tools that convert text to numbers also take null for "use the default".
  const nullAllowed = field.nullable === true || context.textNumbers !== 'error';
  if (node.kind === 'scalar' && node.type === 'null' && nullAllowed) return [];
  return checkValue(
    { node, path: [...parent.path, entry.key], keyRange: entry.keyRange },
    field.type,
    context,
  );
}

function deprecated(parent: Placed, entry: MapEntry, field: SchemaField): Issue {
  const message = `${entry.key} is an old form; write ${field.deprecated ?? 'the newer one'}.`;
  return {
    code: 'deprecated-key',
    severity: 'info',
    range: entry.keyRange,
    path: [...parent.path, entry.key],
    message,
  };
}

function unknownKey(
  parent: Placed & { readonly node: MapNode },
  entry: MapEntry,
  { object, context }: { readonly object: ObjectSchema; readonly context: CheckContext },
): Issue {
  const present = new Set(parent.node.entries.map((other) => other.key));
  const near = nearest(
    entry.key,
    Object.keys(object.fields).filter((key) => !present.has(key)),
  );
  const hint = near === null ? '' : ` Did you mean ${near}?`;
  const strict = object.unknownKeys === 'error';
  return {
    code: 'unknown-key',
    severity: strict ? 'error' : 'warning',
    range: entry.keyRange,
    path: [...parent.path, entry.key],
    message: `${entry.key} is not a known key of ${object.name}.${hint}`,
    reason: strict
      ? `The tool refuses a file with an unknown key (${context.source}).`
      : `The list of keys may be incomplete (${context.source}).`,
    ...(near === null
      ? {}
      : { fix: { title: `Rename to ${near}`, edits: [{ ...entry.keyRange, newText: near }] } }),
  };
}

function missing(
  parent: Placed,
  {
    key,
    field,
    object,
  }: { readonly key: string; readonly field: SchemaField; readonly object: ObjectSchema },
  context: CheckContext,
): Issue {
  return {
    code: 'missing-required',
    severity: 'error',
    range: parent.keyRange ?? {
      start: parent.node.range.start,
      end: Math.min(parent.node.range.start + 1, parent.node.range.end),
    },
    path: [...parent.path, key],
    message: `${key} is missing in ${object.name}: ${field.doc}`,
    reason: `The tool does not start without it (${context.source}).`,
  };
}
