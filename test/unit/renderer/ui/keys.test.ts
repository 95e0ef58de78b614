// The notation of keys: how a press is written, and how it is spelled on each kind of keyboard.
import { describe, expect, it } from 'vitest';
import { chordOf, spellKeys } from '../../../../renderer/ui/keys.ts';

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('keys', () => {
  it('writes Ctrl as Mod, and Cmd on a Mac', () => {
    expect(chordOf({ ...none, key: 'k', ctrlKey: true }, false)).toBe('Mod+K');
    expect(chordOf({ ...none, key: 'k', metaKey: true }, true)).toBe('Mod+K');
    expect(chordOf({ ...none, key: 'k', ctrlKey: true }, true)).toBe('Ctrl+K');
  });

  it('leaves Shift out where the sign needs it, and keeps it where it does not', () => {
    expect(chordOf({ ...none, key: '?', shiftKey: true }, false)).toBe('?');
    expect(chordOf({ ...none, key: 'P', ctrlKey: true, shiftKey: true }, false)).toBe('Mod+Shift+P');
    expect(chordOf({ ...none, key: 'F6', shiftKey: true }, false)).toBe('Shift+F6');
    expect(chordOf({ ...none, key: ' ' }, false)).toBe('Space');
  });

  it('spells them as printed on the keyboard', () => {
    expect(spellKeys('Mod+Shift+P', false)).toBe('Ctrl Shift P');
    expect(spellKeys('Mod+Shift+P', true)).toBe('⌘⇧P');
    expect(spellKeys('G L', false)).toBe('G then L');
  });
});
