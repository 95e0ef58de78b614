// What PyYAML 6 SafeLoader makes of a plain scalar (YAML 1.1), which is what Nanotron, TRL and Axolotl read.
// Exports: resolvePlain(source), isPlainSafe(source). Expressions follow the behaviour of PyYAML 6.0.3; the table
// of cases is test/fixtures/pyyaml/scalars.json. Knows nothing about quotes, documents or schemas.
import type { ScalarNode, ScalarValue } from './types.ts';

export interface ResolvedScalar {
  readonly type: ScalarNode['type'];
  readonly value: ScalarValue;
}

const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const TIMESTAMP =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?)$/;

const TRUE_WORDS = new Set(['yes', 'true', 'on']);

function smallest(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
}

function digitsInBase(digits: string, base: bigint): bigint {
  let total = 0n;
  for (const digit of digits) total = total * base + BigInt(Number.parseInt(digit, 16));
  return total;
}

function magnitude(text: string): bigint {
  if (text.startsWith('0b')) return digitsInBase(text.slice(2), 2n);
  if (text.startsWith('0x')) return digitsInBase(text.slice(2), 16n);
  if (text.startsWith('0') && text !== '0') return digitsInBase(text.slice(1), 8n);
  if (text.includes(':')) return text.split(':').reduce((total, part) => total * 60n + BigInt(part), 0n);
  return BigInt(text);
}

function integerOf(source: string): number | bigint {
  const text = source.replaceAll('_', '');
  const unsigned = /^[-+]/.test(text) ? text.slice(1) : text;
  const value = magnitude(unsigned);
  return smallest(text.startsWith('-') ? -value : value);
}

function floatOf(source: string): number {
  const text = source.replaceAll('_', '').toLowerCase();
  const sign = text.startsWith('-') ? -1 : 1;
  const unsigned = /^[-+]/.test(text) ? text.slice(1) : text;
  if (unsigned === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (unsigned === '.nan') return Number.NaN;
  if (unsigned.includes(':')) {
    return sign * unsigned.split(':').reduce((total, part) => total * 60 + Number(part), 0);
  }
  return sign * Number(unsigned);
}

/** The type and value of an unquoted scalar in the resolver order of PyYAML 6: bool, float, int, null, timestamp, str. */
export function resolvePlain(source: string): ResolvedScalar {
  if (NULL.test(source)) return { type: 'null', value: null };
  const first = source.charCodeAt(0);
  const mayBeNumber = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!mayBeNumber) {
    if (BOOLEAN.test(source)) return { type: 'bool', value: TRUE_WORDS.has(source.toLowerCase()) };
    return { type: 'str', value: source };
  }
  if (FLOAT.test(source)) return { type: 'float', value: floatOf(source) };
  if (INTEGER.test(source)) return { type: 'int', value: integerOf(source) };
  if (TIMESTAMP.test(source)) return { type: 'timestamp', value: source };
  return { type: 'str', value: source };
}

/** Characters that start something else than a plain scalar, in block or in flow context. */
const UNSAFE_START = /^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`\s]/;
const UNSAFE_INSIDE = /:(?:\s|$)|\s#|[\n\r\t]|\s$/;
const UNSAFE_IN_FLOW = /[,[\]{}?]/;
/** PyYAML refuses these anywhere in a stream; a double-quoted escape is the only way to write them. */
const NOT_PRINTABLE = /[^\n\r\t\u0020-\u007e\u0085\u00a0-\ufffd]/;

/** True when a string can stand without quotes and PyYAML reads the same string back. */
export function isPlainSafe(text: string, inFlow = false): boolean {
  if (text === '' || text === '<<' || text === '=') return false;
  if (resolvePlain(text).type !== 'str') return false;
  if (UNSAFE_START.test(text) || UNSAFE_INSIDE.test(text) || NOT_PRINTABLE.test(text)) return false;
  if (text.startsWith('---') || text.startsWith('...')) return false;
  return !(inFlow && (UNSAFE_IN_FLOW.test(text) || text.includes(':') || text.startsWith('-')));
}
