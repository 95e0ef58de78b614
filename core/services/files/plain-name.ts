// The name of a file that came from elsewhere, as a name alone.
import { StudioError } from '../../api/errors.ts';

/** The last part of a name, without what would lead elsewhere. INVALID_INPUT for what is no name, or a hidden one. */
export function plainName(name: string): string {
  const plain = name.split(/[\\/]/).at(-1) ?? '';
  if (plain === '' || plain.startsWith('.') || plain.includes('\0')) {
    throw new StudioError('INVALID_INPUT', `${JSON.stringify(name)} is no name of a file`, {
      hint: 'Give the file another name',
    });
  }
  return plain;
}
