// The base every procedure of the contract starts from: the closed error list is part of it.
import { oc } from '@orpc/contract';
import { errorMap } from './errors.ts';

export const procedure = oc.errors(errorMap);
