// Types of values that several keys of Axolotl share.
import { STRING } from '../fields.ts';
import type { ValueType } from '../types.ts';

export const STRINGS: readonly ValueType[] = [STRING, { kind: 'list', item: STRING }];
export const STEPS: readonly ValueType[] = [{ kind: 'int' }, { kind: 'float' }];
