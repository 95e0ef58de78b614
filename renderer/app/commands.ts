// Commands as objects, registered by whoever can perform them; the palette, the keyboard and menus read them here.
// Knows neither the palette nor any command.
import type { LucideIcon } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export interface Command {
  /** `<noun>.<verb>`, unique: `configs.save`. */
  readonly id: string;
  /** Sentence case with a verb; `…` when it asks for more. */
  readonly title: string;
  /** Heading in the key list and the palette: the feature's title, or "General". */
  readonly group: string;
  readonly icon?: LucideIcon;
  /** `Mod+S`, `Shift+Delete`, `?`, or a sequence `G C`. `Mod` is Ctrl, or Cmd on a Mac. */
  readonly keys?: string;
  /** A key without Mod or Alt acts inside text fields too. Rarely right. */
  readonly keysInText?: boolean;
  /** Absent means always. */
  readonly when?: () => boolean;
  perform(): void | Promise<void>;
}

interface CommandRegistry {
  readonly byOwner: ReadonlyMap<symbol, readonly Command[]>;
}

const registry = createStore<CommandRegistry>(() => ({ byOwner: new Map() }));

/** Registers commands; the result takes them away again. A later owner wins where two use the same id or keys. */
export function registerCommands(commands: readonly Command[]): () => void {
  const owner = Symbol('commands');
  registry.setState(({ byOwner }) => ({ byOwner: new Map(byOwner).set(owner, commands) }));
  return () =>
    registry.setState(({ byOwner }) => {
      const next = new Map(byOwner);
      next.delete(owner);
      return { byOwner: next };
    });
}

/** Registers while the component is mounted. Memoise `commands` (`useMemo`). */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => registerCommands(commands), [commands]);
}

function flatten(state: CommandRegistry): readonly Command[] {
  const byId = new Map<string, Command>();
  for (const commands of state.byOwner.values())
    for (const command of commands) byId.set(command.id, command);
  return [...byId.values()];
}

/** All commands whose `when` holds, in order of registration. */
export function availableCommands(): readonly Command[] {
  return flatten(registry.getState()).filter((command) => command.when?.() ?? true);
}

/** As `availableCommands`, and redraws when commands come or go. */
export function useAvailableCommands(): readonly Command[] {
  const state = useStore(registry);
  return flatten(state).filter((command) => command.when?.() ?? true);
}
