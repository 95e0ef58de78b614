// Words of `nesso checkpoint` that are numbers or types.
import { InvalidArgumentError } from 'commander';
import { type WeightType, weightTypes } from '../../core/lib/conversion/gguf-metadata.ts';

/** `50000`, `50_000`, `50,000`. */
export function wholeNumber(text: string): number {
  const plain = text.replaceAll(/[_,]/g, '');
  if (/^\d{1,15}$/.test(plain)) return Number(plain);
  throw new InvalidArgumentError('It has to be a whole number');
}

export function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It has to be more than 0');
}

export function weightType(text: string): WeightType {
  const type = weightTypes.find((one) => one === text.toLowerCase());
  if (type === undefined) throw new InvalidArgumentError(`Known types are ${weightTypes.join(', ')}`);
  return type;
}
