// How a child process of core says that it could not do what it was asked: a typed error as plain data.
import { z } from 'zod';
import { errorCodes, errorData } from '../../api/errors.ts';

export const childFailure = {
  kind: z.literal('failed'),
  code: z.enum(errorCodes),
  message: z.string(),
  data: errorData,
};
