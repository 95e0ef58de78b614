import { ORPCError } from '@orpc/client';
import { expect, test } from 'vitest';
import { StudioError } from '../../../../core/api/errors.ts';
import { connectionLost, isAbort, toClientError } from '../../../../core/rpc/client-errors.ts';

test('an error of the closed list keeps code, message, hint, path and detail', () => {
  const data = { hint: 'Free some', path: '/a', detail: 'errno 28' };
  const error = toClientError(new ORPCError('DISK_FULL', { message: 'The disk is full', data }));
  expect(error).toBeInstanceOf(StudioError);
  expect(error).toMatchObject({ code: 'DISK_FULL', message: 'The disk is full', data });
});

test('a code of the list without its data is not trusted', () => {
  const error = toClientError(new ORPCError('CONFLICT', { message: 'x', data: { other: 1 } }));
  expect(error).toMatchObject({ code: 'INTERNAL' });
});

test('an unknown procedure says that versions differ', () => {
  const error = toClientError(
    new ORPCError('NOT_FOUND', { message: 'No procedure matched', data: undefined }),
  );
  expect(error).toMatchObject({ code: 'UNAVAILABLE', data: { hint: expect.stringContaining('Reload') } });
});

test('aborts become AbortError, whoever noticed them', () => {
  expect(isAbort(toClientError(new Error('any'), AbortSignal.abort()))).toBe(true);
  expect(isAbort(toClientError(new DOMException('x', 'AbortError')))).toBe(true);
  expect(isAbort(toClientError(new ORPCError('CANCELLED', { data: { hint: '' } })))).toBe(true);
  expect(isAbort(toClientError(connectionLost()))).toBe(false);
});

test('anything else becomes INTERNAL with its text as detail', () => {
  expect(toClientError('odd')).toMatchObject({ code: 'INTERNAL', data: { detail: 'odd' } });
  expect(toClientError(undefined)).toMatchObject({ code: 'INTERNAL' });
});
