// Checks one scalar against a scalar type with the rules of dacite: an int may stand for a float, nothing else is coerced.
// Explains what YAML 1.1 made of the text and offers the spelling that is read as meant. Exports: checkScalar.
import { formatFloat, formatScalar } from '../format-scalar.ts';
import type { EnumType, NumberLimits, ValueType } from '../schema/types.ts';
import type { Fix, ScalarNode } from '../types.ts';
import { type CheckContext, type Issue, nodeName, type Placed, pointAt, typeName } from './issue.ts';
import { nearest } from './suggest.ts';

type ScalarType = Exclude<ValueType, { kind: 'list' | 'map' | 'object' | 'union' | 'any' }>;

interface Subject extends Placed {
  readonly node: ScalarNode;
}

/** Text that a person meant as a number but YAML 1.1 reads as a string: no dot, or an exponent without a sign. */
const MEANT_NUMBER = /^[-+]?(?:\d[\d_]*\.?\d*|\.\d+)[eE][-+]?\d+$/;

function replace(subject: Subject, newText: string): Fix {
  const title = newText.length > 40 ? 'Write it in quotes' : `Write ${newText}`;
  return { title, edits: [{ ...subject.node.range, newText }] };
}

function issue(
  subject: Subject,
  context: CheckContext,
  draft: Partial<Issue> & Pick<Issue, 'code' | 'message'>,
): Issue {
  return {
    severity: 'error',
    range: pointAt(subject),
    path: subject.path,
    reason: `Read from ${context.source}.`,
    ...draft,
  };
}

/** Issues of a scalar; empty when it fits. The caller handles null. */
export function checkScalar(subject: Subject, type: ScalarType, context: CheckContext): readonly Issue[] {
  const { node } = subject;
  if (type.kind === 'enum') return checkEnum(subject, type, context);
  if (type.kind === 'bool') return node.type === 'bool' ? [] : [wrongType(subject, type, context)];
  if (type.kind === 'str' || type.kind === 'path')
    return node.type === 'str' ? [] : [notText(subject, type, context)];
  const fits = node.type === 'int' || (type.kind === 'float' && node.type === 'float');
  return fits ? checkRange(subject, type, context) : [notNumber(subject, type, context)];
}

function wrongType(subject: Subject, type: ValueType, context: CheckContext, fix?: Fix): Issue {
  const message = `Here must be ${typeName(type)}, but ${nodeName(subject.node)}.`;
  return issue(subject, context, {
    code: 'wrong-type',
    message: message.replace('but empty', 'but nothing is written'),
    ...(fix ? { fix } : {}),
  });
}

/** A number or boolean where text is expected: quotes make it text. */
function notText(subject: Subject, type: ValueType, context: CheckContext): Issue {
  const { node } = subject;
  if (node.type === 'null') return wrongType(subject, type, context);
  const fix = replace(subject, `'${node.source.replaceAll("'", "''")}'`);
  if (node.type === 'bool' && !/^(?:true|false)$/i.test(node.source))
    return issue(subject, context, boolWord(node, fix));
  if (node.type !== 'bool' && node.source.includes(':')) {
    const message = `${node.source} without quotes is ${String(node.value)} to a YAML 1.1 loader: parts between colons count in sixties.`;
    const isNumber = node.type !== 'timestamp';
    if (isNumber) return issue(subject, context, { code: 'yaml-sexagesimal', message, fix });
  }
  if (node.type === 'timestamp') {
    return issue(subject, context, {
      code: 'yaml-timestamp',
      message: `${node.source} without quotes is read as a date, not as text.`,
      fix,
    });
  }
  return wrongType(subject, type, context, fix);
}

function boolWord(node: ScalarNode, fix: Fix): Pick<Issue, 'code' | 'message' | 'fix'> {
  return {
    code: 'yaml-bool-word',
    message: `${node.source} without quotes is ${String(node.value)} to a YAML 1.1 loader.`,
    fix,
  };
}

function notNumber(
  subject: Subject,
  type: ScalarType & { kind: 'int' | 'float' },
  context: CheckContext,
): Issue {
  const { node } = subject;
  const text = typeof node.value === 'string' ? node.value : '';
  if (node.type === 'float') {
    const whole = typeof node.value === 'number' && Number.isInteger(node.value);
    return wrongType(subject, type, context, whole ? replace(subject, formatScalar(node.value)) : undefined);
  }
  const number = Number(text.replaceAll('_', ''));
  if (node.type !== 'str' || text.trim() === '' || !Number.isFinite(number))
    return wrongType(subject, type, context);
  const written =
    type.kind === 'int' ? (Number.isInteger(number) ? formatScalar(number) : null) : numberText(text, number);
  const fix = written === null ? undefined : replace(subject, written);
  if (node.quoted || !MEANT_NUMBER.test(text)) {
    return { ...wrongType(subject, type, context, fix), severity: context.textNumbers };
  }
  return issue(subject, context, {
    code: 'yaml-float-is-string',
    severity: context.textNumbers,
    message: `${text} is text, not a number, to the YAML loader of the training tools.`,
    reason: 'PyYAML follows YAML 1.1, where a float needs a dot and a signed exponent.',
    ...(fix ? { fix } : {}),
  });
}

const numberText = (text: string, value: number) =>
  formatFloat(value, /[eE]/.test(text) ? '1.0e+00' : undefined);

function checkRange(
  subject: Subject,
  limits: NumberLimits & { kind: 'int' | 'float' },
  context: CheckContext,
): readonly Issue[] {
  const value = Number(subject.node.value);
  const { minimum, maximum, exclusiveMinimum } = limits;
  const say = (rule: string) =>
    issue(subject, context, {
      code: 'out-of-range',
      message: `${subject.node.source} is not possible here: it must be ${rule}.`,
    });
  const out: Issue[] = [];
  if (Number.isNaN(value)) return [say('a number, not .nan')];
  if (minimum !== undefined && value < minimum) out.push(say(`at least ${minimum}`));
  else if (exclusiveMinimum !== undefined && value <= exclusiveMinimum)
    out.push(say(`greater than ${exclusiveMinimum}`));
  else if (maximum !== undefined && value > maximum) out.push(say(`at most ${maximum}`));
  return out;
}

function checkEnum(subject: Subject, type: EnumType, context: CheckContext): readonly Issue[] {
  const { node } = subject;
  const matches = type.values.some((allowed) =>
    type.ignoreCase && typeof allowed === 'string' && typeof node.value === 'string'
      ? allowed.toLowerCase() === node.value.toLowerCase()
      : allowed === node.value,
  );
  if (matches) return [];
  if (node.type === 'null') return [wrongType(subject, type, context)];
  if (
    node.type === 'bool' &&
    type.values.some((allowed) => String(allowed).toLowerCase() === node.source.toLowerCase())
  ) {
    const fix = replace(subject, `'${node.source}'`);
    return [issue(subject, context, boolWord(node, fix))];
  }
  const near = nearest(String(node.value), type.values.map(String));
  const caseOnly = near !== null && near.toLowerCase() === String(node.value).toLowerCase();
  const message = caseOnly
    ? `${node.source} must be written ${near}: upper and lower case matter here.`
    : `${node.source} is none of ${type.values.join(', ')}.`;
  const exact = type.values.find((allowed) => String(allowed) === near);
  const fix = exact === undefined ? undefined : replace(subject, formatScalar(exact, { previous: node }));
  return [issue(subject, context, { code: 'not-in-list', message, ...(fix ? { fix } : {}) })];
}
