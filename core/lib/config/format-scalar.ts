// Writing values as YAML text that PyYAML reads back as the same value and type, in the style of what stood there.
// Exports: formatScalar, formatFloat, formatFlow, formatKey, entryLines, itemLines, EditValue. Knows no document, only values and one old scalar.
import { isPlainSafe } from './pyyaml-scalar.ts';
import type { ScalarNode, ScalarValue } from './types.ts';

/** A value to write: scalars, lists and maps of them. */
export type EditValue = ScalarValue | readonly EditValue[] | { readonly [key: string]: EditValue };

export interface ScalarStyle {
  /** The scalar that stood there: its quotes, number style and boolean words are kept. */
  readonly previous?: ScalarNode;
  /** Inside [ ] or { }, where more characters need quotes. */
  readonly inFlow?: boolean;
  /** Write whole numbers as floats (`3` → `3.0`), for keys whose schema says float. */
  readonly asFloat?: boolean;
}

/** YAML line breaks and controls that only an escape can carry through a loader. */
const NEEDS_ESCAPE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    NEEDS_ESCAPE,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function mustBeDoubleQuoted(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  return /[\u0000-\u001f]/.test(text) || text.search(NEEDS_ESCAPE) !== -1 || !text.isWellFormed();
}

/** A string in the quotes of `previous`, or plain when that is safe. */
function formatString(text: string, style: ScalarStyle): string {
  if (mustBeDoubleQuoted(text)) return doubleQuoted(text);
  const quote = style.previous?.quoted === true ? style.previous.source[0] : undefined;
  if (quote === '"') return doubleQuoted(text);
  if (quote !== "'" && isPlainSafe(text, style.inFlow)) return text;
  return `'${text.replaceAll("'", "''")}'`;
}

/** `2.5e-4` → mantissa and exponent in the form PyYAML needs: always a dot and a signed exponent. */
function exponential(value: number, previousSource: string | undefined): string {
  const [mantissa = '0', exponent = '+0'] = value.toExponential().split('e');
  const previous =
    previousSource === undefined ? null : /^[-+]?(\d*)\.?(\d*)([eE])([-+]?)(\d+)$/.exec(previousSource);
  // Without a sign the old text was no float for PyYAML, so its width is no style to keep.
  const width = previous?.[4] && previous[0].includes('.') ? (previous[5]?.length ?? 2) : 2;
  const letter = previous?.[3] ?? 'e';
  const dotted = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  // JavaScript prints the zero below zero without its sign.
  const sign = Object.is(value, -0) ? '-' : '';
  return `${sign}${dotted}${letter}${exponent[0]}${exponent.slice(1).padStart(width, '0')}`;
}

/** Below this a decimal has more zeros than digits. */
const SMALLEST_DECIMAL = 1e-4;
const LARGEST_DECIMAL = 1e15;

/** A float that PyYAML reads as float: `0.003`, `3.0`, `1.0e-08`, `.inf`; in the notation of `previousSource`. */
export function formatFloat(value: number, previousSource?: string): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const size = Math.abs(value);
  const fits = size === 0 || (size >= SMALLEST_DECIMAL && size < LARGEST_DECIMAL);
  const wasExponent =
    previousSource !== undefined && /[eE]/.test(previousSource) && !/^[-+]?0x/.test(previousSource);
  if (wasExponent || !fits) return exponential(value, previousSource);
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text}.0`;
}

function formatInteger(value: number | bigint, previousSource: string | undefined): string {
  const text = BigInt(value).toString();
  if (previousSource === undefined || !/^[-+]?\d{1,3}(?:_\d{3})+$/.test(previousSource)) return text;
  return text.replace(/\B(?=(\d{3})+$)/g, '_');
}

const BOOLEAN_FAMILIES: readonly (readonly [string, string])[] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['on', 'off'],
];

function formatBoolean(value: boolean, previousSource: string | undefined): string {
  const old = previousSource ?? 'true';
  const family = BOOLEAN_FAMILIES.find((pair) => pair.includes(old.toLowerCase())) ?? ['true', 'false'];
  const word = value ? family[0] : family[1];
  if (/^[A-Z]+$/.test(old)) return word.toUpperCase();
  return /^[A-Z]/.test(old) ? `${word[0]?.toUpperCase()}${word.slice(1)}` : word;
}

/** One scalar as YAML text, without surrounding spaces. */
export function formatScalar(value: ScalarValue, style: ScalarStyle = {}): string {
  const previous = style.previous;
  const source = previous?.quoted === false ? previous.source : undefined;
  if (value === null) return source === '~' ? '~' : 'null';
  if (typeof value === 'boolean') return formatBoolean(value, previous?.type === 'bool' ? source : undefined);
  if (typeof value === 'string') return formatString(value, style);
  const wasFloat =
    previous?.type === 'float' || (previous?.type === 'str' && /^[-+]?\d+\.?\d*[eE]/.test(source ?? ''));
  if (
    typeof value === 'bigint' ||
    (Number.isSafeInteger(value) && !style.asFloat && !wasFloat && !Object.is(value, -0))
  ) {
    return formatInteger(value, source);
  }
  return formatFloat(value, wasFloat ? source : undefined);
}

const isList = (value: EditValue): value is readonly EditValue[] => Array.isArray(value);
const isMap = (value: EditValue): value is { readonly [key: string]: EditValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for lists and maps. */
export function isCollection(
  value: EditValue,
): value is readonly EditValue[] | { readonly [key: string]: EditValue } {
  return isList(value) || isMap(value);
}

/** A map key, quoted where it must be. */
export function formatKey(key: string, inFlow = false): string {
  return formatString(key, { inFlow });
}

/** Any value on one line: `[a, b]`, `{a: 1}`. */
export function formatFlow(value: EditValue, style: ScalarStyle = {}): string {
  const inner: ScalarStyle = { ...(style.asFloat ? { asFloat: true } : {}), inFlow: true };
  if (isList(value)) return `[${value.map((item) => formatFlow(item, inner)).join(', ')}]`;
  if (isMap(value)) {
    const entries = Object.entries(value).map(
      ([key, item]) => `${formatKey(key, true)}: ${formatFlow(item, inner)}`,
    );
    return `{${entries.join(', ')}}`;
  }
  return formatScalar(value, style);
}

const STEP = 2;

/** `key: value` in block style; the first line without indentation, the following ones indented for a key at `column`. */
export function entryLines(
  key: string,
  value: EditValue,
  column: number,
  style: ScalarStyle = {},
): readonly string[] {
  const name = formatKey(key);
  if (isList(value) && value.length > 0) {
    return [`${name}:`, ...value.flatMap((item) => indented(itemLines(item, column, style), column))];
  }
  if (isMap(value) && Object.keys(value).length > 0) {
    const inner = column + STEP;
    return [
      `${name}:`,
      ...Object.entries(value).flatMap(([k, v]) => indented(entryLines(k, v, inner, style), inner)),
    ];
  }
  return [`${name}: ${formatFlow(value, style)}`];
}

/** `- value` in block style, for a dash at `column`. */
export function itemLines(value: EditValue, column: number, style: ScalarStyle = {}): readonly string[] {
  if (!isMap(value) || Object.keys(value).length === 0) return [`- ${formatFlow(value, style)}`];
  const inner = column + STEP;
  return Object.entries(value).flatMap(([key, item], index) => {
    const [first = '', ...rest] = entryLines(key, item, inner, style);
    return [index === 0 ? `- ${first}` : `${' '.repeat(inner)}${first}`, ...rest];
  });
}

/** Puts the first line at the column; the following ones already stand where they belong. */
function indented(lines: readonly string[], column: number): readonly string[] {
  return lines.map((line, index) => (index === 0 ? `${' '.repeat(column)}${line}` : line));
}
