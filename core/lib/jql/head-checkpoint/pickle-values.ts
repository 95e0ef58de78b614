// What a checkpoint's pickle may build: plain containers and descriptions of tensors. Nothing in here does anything when built.
import { damaged, unsupported } from './refusal.ts';

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickleStorage
  | PickleTensor;

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}
export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}
export interface PickleDict {
  readonly kind: 'dict';
  readonly ordered: boolean;
  readonly entries: Map<PickleValue, PickleValue>;
}
/** A name that was looked up. Only names of `globals` come into being. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly global: AllowedGlobal;
}
/** The numbers of one or more tensors: the archive's file data/<key>. */
export interface PickleStorage {
  readonly kind: 'storage';
  readonly element: ElementType;
  readonly key: string;
  readonly elements: number;
}
/** A window on a storage; offset and strides count elements. */
export interface PickleTensor {
  readonly kind: 'tensor';
  readonly storage: PickleStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** `other`: storages of optimiser states and counters, which are described and never read. */
export type ElementType = 'float32' | 'float16' | 'bfloat16' | 'other';

export type AllowedGlobal =
  | { readonly kind: 'ordered-dict' }
  | { readonly kind: 'rebuild-tensor' }
  | { readonly kind: 'storage-type'; readonly element: ElementType };

const storageType = (element: ElementType): AllowedGlobal => ({ kind: 'storage-type', element });

/** The only names a head may mention. */
const globals: ReadonlyMap<string, AllowedGlobal> = new Map([
  ['collections.OrderedDict', { kind: 'ordered-dict' }],
  ['torch._utils._rebuild_tensor_v2', { kind: 'rebuild-tensor' }],
  ['torch.FloatStorage', storageType('float32')],
  ['torch.HalfStorage', storageType('float16')],
  ['torch.BFloat16Storage', storageType('bfloat16')],
  ...['Double', 'Long', 'Int', 'Short', 'Char', 'Byte', 'Bool'].map(
    (name) => [`torch.${name}Storage`, storageType('other')] as const,
  ),
]);

/** Throws CheckpointRefusal that names what is not on the list. */
export function allowedGlobal(module: string, name: string): PickleGlobal {
  const global = globals.get(`${module}.${name}`);
  if (global) return { kind: 'global', global };
  throw unsupported(`it uses ${`${module}.${name}`.slice(0, 100)}, which a head never needs`);
}

/** What REDUCE may call: nothing but these two, and only to describe. */
export function callGlobal(callee: PickleValue, argument: PickleValue): PickleValue {
  if (!isKind(callee, 'global')) throw unsupported('it calls something that is not a name');
  if (!isKind(argument, 'tuple')) throw damaged('a call has no list of arguments');
  switch (callee.global.kind) {
    case 'ordered-dict':
      if (argument.items.length > 0) throw unsupported('it fills an OrderedDict by calling it');
      return { kind: 'dict', ordered: true, entries: new Map() };
    case 'rebuild-tensor':
      return tensorOf(argument.items);
    case 'storage-type':
      throw unsupported('it calls a storage type');
  }
}

/** More dimensions than any weight has. */
const MAX_DIMENSIONS = 8;

function tensorOf([storage, offset, shape, strides]: readonly PickleValue[]): PickleTensor {
  const sizes = naturalNumbers(shape);
  const steps = naturalNumbers(strides);
  const isTensor =
    isKind(storage, 'storage') &&
    isNatural(offset) &&
    sizes !== null &&
    sizes.length <= MAX_DIMENSIONS &&
    steps?.length === sizes.length;
  if (!isTensor) throw damaged('a tensor is described in a way torch.save never does');
  return { kind: 'tensor', storage, offset, shape: sizes, strides: steps };
}

/** ('storage', type, key, device, elements) as torch.save writes it. */
export function storageOf(id: PickleValue): PickleStorage {
  const [marker, type, key, , elements] = isKind(id, 'tuple') ? id.items : [];
  const isStorage =
    marker === 'storage' &&
    isKind(type, 'global') &&
    type.global.kind === 'storage-type' &&
    typeof key === 'string' &&
    isNatural(elements);
  if (!isStorage) throw damaged('a storage is described in a way torch.save never does');
  return { kind: 'storage', element: type.global.element, key, elements };
}

type Tagged = Extract<PickleValue, { readonly kind: string }>;

export function isKind<K extends Tagged['kind']>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<Tagged, { readonly kind: K }> {
  return typeof value === 'object' && value !== null && value.kind === kind;
}

function isNatural(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function naturalNumbers(value: PickleValue | undefined): readonly number[] | null {
  if (!isKind(value, 'tuple')) return null;
  const numbers = value.items.filter(isNatural);
  return numbers.length === value.items.length ? numbers : null;
}
