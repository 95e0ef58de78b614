// Keys as they are printed on this computer's keyboard. Knows the notation of app/commands.ts, not the commands.
import { spellKeys } from './keys.ts';
import styles from './key-hint.module.css';

export function KeyHint({ keys }: { readonly keys: string }) {
  return <kbd className={styles['keys']}>{spellKeys(keys)}</kbd>;
}
