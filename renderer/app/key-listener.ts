// Turns key presses into commands. Capture phase: the studio's Mod keys come before an editor's own.
import { chordOf } from '../ui/keys.ts';
import { availableCommands, type Command } from './commands.ts';
import { notifyError } from './notifications.ts';

/** The second key of a sequence has to come within this time. */
const SEQUENCE_MS = 1_200;

export function runCommand(command: Command): void {
  void (async () => {
    try {
      await command.perform();
    } catch (error) {
      notifyError(error);
    }
  })();
}

/** Listens until the result is called. */
export function listenToKeys(target: Window): () => void {
  let prefix: { readonly chord: string; readonly atMs: number } | null = null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || ['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return;
    const chord = chordOf(event);
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d/.test(event.key);
    const inText = isPlain && isTextTarget(event.target, event.key);
    const commands = availableCommands().toReversed();
    const started = prefix && Date.now() - prefix.atMs < SEQUENCE_MS ? prefix.chord : null;
    prefix = null;
    const match = (keys: string) =>
      commands.find((command) => command.keys === keys && (!inText || command.keysInText));
    const command = (started ? match(`${started} ${chord}`) : undefined) ?? match(chord);
    if (command) {
      event.preventDefault();
      event.stopPropagation();
      runCommand(command);
      return;
    }
    if (!inText && commands.some(({ keys }) => keys?.startsWith(`${chord} `))) {
      prefix = { chord, atMs: Date.now() };
      event.stopPropagation();
    }
  };
  target.addEventListener('keydown', onKeyDown, true);
  return () => target.removeEventListener('keydown', onKeyDown, true);
}

function isTextTarget(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // In a list that filters as one types, letters belong to the filter.
  if (key !== '?' && target.closest('[data-type-to-filter]')) return true;
  if (target.isContentEditable || target.closest('.monaco-editor')) return true;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'range', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
