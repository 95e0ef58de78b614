// Every case of the table was answered by PyYAML 6.0.3; test/integration/pyyaml.test.ts asks it again where it is installed.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isPlainSafe, resolvePlain } from '../../../../../core/lib/config/pyyaml-scalar.ts';

interface Case {
  readonly source: string;
  readonly type: string;
  readonly value: string | boolean | null;
}

const CASES = JSON.parse(
  readFileSync(new URL('../../../../fixtures/pyyaml/scalars.json', import.meta.url), 'utf8'),
) as readonly Case[];

function sameValue(actual: unknown, expected: Case): void {
  if (expected.type === 'int') expect(String(actual)).toBe(expected.value);
  else if (expected.type === 'float') {
    const wanted =
      { inf: Infinity, '-inf': -Infinity, nan: Number.NaN }[String(expected.value)] ?? Number(expected.value);
    expect(actual).toBe(wanted);
  } else if (expected.type !== 'timestamp') expect(actual).toBe(expected.value);
}

describe('resolvePlain', () => {
  it('has a table that covers every type', () => {
    expect(new Set(CASES.map((entry) => entry.type))).toEqual(
      new Set(['str', 'int', 'float', 'bool', 'null', 'timestamp']),
    );
    expect(CASES.length).toBeGreaterThan(120);
  });

  it.each(CASES)('reads $source as PyYAML does ($type)', (entry) => {
    const resolved = resolvePlain(entry.source);
    expect(resolved.type).toBe(entry.type);
    sameValue(resolved.value, entry);
  });

  it('names the traps of the brief', () => {
    expect(resolvePlain('1e-8').type).toBe('str');
    expect(resolvePlain('12:30:00')).toEqual({ type: 'int', value: 45000 });
    expect(resolvePlain('00123')).toEqual({ type: 'int', value: 83 });
    expect(resolvePlain('18446744073709551616').value).toBe(18446744073709551616n);
  });
});

describe('isPlainSafe', () => {
  it('refuses what would be read as something else', () => {
    for (const text of [
      '',
      'on',
      '1e',
      '- a',
      'a: b',
      'a #b',
      '#a',
      '@a',
      ' a',
      'a ',
      'null',
      '5',
      '---',
      '[a',
      '*a',
      '=',
      '<<',
    ]) {
      const expected = text === '1e';
      expect(isPlainSafe(text), text).toBe(expected);
    }
  });

  it('is stricter inside brackets', () => {
    expect(isPlainSafe('a,b')).toBe(true);
    expect(isPlainSafe('a,b', true)).toBe(false);
    expect(isPlainSafe('https://x/y')).toBe(true);
  });
});
