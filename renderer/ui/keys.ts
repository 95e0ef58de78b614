// The notation of keys: `Mod+Shift+S`, `?`, sequences `G C`. `Mod` is Cmd on a Mac and Ctrl elsewhere.

export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

const macSymbols: Readonly<Record<string, string>> = { Mod: '⌘', Alt: '⌥', Shift: '⇧', Ctrl: '⌃' };

/** `Mod+K` → `Ctrl K`, on a Mac `⌘K`. */
export function spellKeys(keys: string, mac: boolean = isMac): string {
  return keys
    .split(' ')
    .map((chord) => {
      const parts = chord.split('+').filter((part) => part !== '');
      return mac
        ? parts.map((part) => macSymbols[part] ?? part).join('')
        : parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join(' ');
    })
    .join(' then ');
}

export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** A keydown in the same notation; letters upper case, Shift left out for signs that need it (`?`). */
export function chordOf(event: PressedKey, mac: boolean = isMac): string {
  const mod = mac ? event.metaKey : event.ctrlKey;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const isSign = event.key.length === 1 && !/[a-z0-9 ]/i.test(event.key);
  return [
    mod ? 'Mod' : null,
    mac && event.ctrlKey ? 'Ctrl' : null,
    event.altKey ? 'Alt' : null,
    event.shiftKey && !isSign ? 'Shift' : null,
    key === ' ' ? 'Space' : key,
  ]
    .filter((part) => part !== null)
    .join('+');
}
