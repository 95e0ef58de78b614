// Between a field's node and what a person types: how a value is shown, and what typed text means. Pure.
import type { ValueType } from '../../../../core/lib/config/schema/types.ts';
import type { ConfigNode, ScalarValue } from '../../../../core/lib/config/types.ts';

/** The value as it stands in the file; an empty text for null and for what is not a plain value. */
export function shownText(node: ConfigNode | null): string {
  if (node?.kind !== 'scalar' || node.value === null) return '';
  return node.quoted || node.source.includes('\n') ? String(node.value) : node.source;
}

/** Whole numbers from here on are easier to read in groups while nobody types in them. */
const GROUP_FROM = 10_000;

/** As `shownText`, whole numbers grouped by thousands: `2,000,000`. */
export function restingText(node: ConfigNode | null): string {
  const text = shownText(node);
  if (node?.kind !== 'scalar' || node.type !== 'int' || !/^\d+$/.test(text)) return text;
  return Number(text) >= GROUP_FROM ? text.replace(/\B(?=(\d{3})+(?!\d))/g, ',') : text;
}

export type Typed =
  | { readonly kind: 'value'; readonly value: ScalarValue }
  | { readonly kind: 'invalid'; readonly reason: string };

/** What typed text means for a type. Thousands separators and `1e-8` are understood: the file gets the right form. */
export function readTyped(text: string, type: ValueType): Typed {
  const trimmed = text.trim();
  switch (type.kind) {
    case 'int':
      return readInteger(trimmed, type);
    case 'float':
      return readFloat(trimmed, type);
    case 'bool':
      return trimmed === 'true' || trimmed === 'false'
        ? { kind: 'value', value: trimmed === 'true' }
        : { kind: 'invalid', reason: 'true or false' };
    case 'enum': {
      const member = type.values.find((value) => String(value) === trimmed);
      return member === undefined
        ? { kind: 'invalid', reason: `One of ${type.values.join(', ')}` }
        : { kind: 'value', value: member };
    }
    case 'str':
    case 'path':
    case 'list':
    case 'map':
    case 'object':
    case 'union':
    case 'any':
      return trimmed === '' ? { kind: 'invalid', reason: 'Empty' } : { kind: 'value', value: text };
  }
}

interface Limits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

function readInteger(text: string, limits: Limits): Typed {
  const plain = text.replace(/[,_ ]/g, '');
  if (!/^[-+]?\d+$/.test(plain)) return { kind: 'invalid', reason: 'A whole number' };
  const value = Number(plain);
  const outside = outsideOf(value, limits);
  if (outside !== null) return { kind: 'invalid', reason: outside };
  return { kind: 'value', value: Number.isSafeInteger(value) ? value : BigInt(plain) };
}

function readFloat(text: string, limits: Limits): Typed {
  const plain = text.replace(/[,_ ]/g, '');
  const value = Number(plain);
  if (plain === '' || !Number.isFinite(value))
    return { kind: 'invalid', reason: 'A number, such as 0.003 or 1e-8' };
  const outside = outsideOf(value, limits);
  return outside === null ? { kind: 'value', value } : { kind: 'invalid', reason: outside };
}

function outsideOf(value: number, { minimum, maximum, exclusiveMinimum }: Limits): string | null {
  if (minimum !== undefined && value < minimum) return `At least ${minimum}`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return `Greater than ${exclusiveMinimum}`;
  if (maximum !== undefined && value > maximum) return `At most ${maximum}`;
  return null;
}
