import { describe, expect, test } from 'vitest';
import { createRequestGuard, isLoopback } from '../../../../../core/services/host/request-guard.ts';

describe('on loopback', () => {
  const guard = createRequestGuard('127.0.0.1');

  test.each(['127.0.0.1:4000', 'localhost:4000', 'LOCALHOST', '[::1]:4000', 'localhost:9999'])(
    '%s is served',
    (host) => {
      expect(guard.refusal({ host }, false)).toBeNull();
      expect(guard.refusal({ host, origin: `http://${host}` }, true)).toBeNull();
    },
  );

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1@evil.example',
    '',
    '0.0.0.0',
    '10.0.0.1',
  ])('the Host %s is refused', (host) => expect(guard.refusal({ host }, false)).toContain('Host'));

  test('no Host at all is refused', () => expect(guard.refusal({}, false)).toContain('Host'));

  test.each([
    'http://evil.example',
    'null',
    'http://localhost:4001',
    'http://127.0.0.1:4000',
    'file://',
    'http://localhost:4000/x',
  ])('the Origin %s is refused on localhost:4000', (origin) =>
    expect(guard.refusal({ host: 'localhost:4000', origin }, false)).toContain('Origin'),
  );

  test('a socket needs an Origin, a page does not', () => {
    expect(guard.refusal({ host: 'localhost' }, true)).toContain('required');
    expect(guard.refusal({ host: 'localhost' }, false)).toBeNull();
  });
});

test('listening on an address adds that address and no other', () => {
  const guard = createRequestGuard('10.1.2.3');
  expect(guard.refusal({ host: '10.1.2.3:80' }, false)).toBeNull();
  expect(guard.refusal({ host: '10.1.2.4:80' }, false)).not.toBeNull();
  expect(createRequestGuard('fd00::1').refusal({ host: '[fd00::1]:80' }, false)).toBeNull();
});

test('what counts as loopback', () => {
  expect(['127.0.0.1', '127.8.9.1', 'localhost', '::1'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', 'example'].some(isLoopback)).toBe(false);
});
