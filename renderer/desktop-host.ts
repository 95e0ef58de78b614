// What the preload exposes as `window.nessoDesktop`. The preload implements it; the window only sees this type.

export interface DesktopHost {
  readonly platform: string;
  /** Answered by a window message `nesso-core-port` that carries the port. */
  requestPort(): void;
  /** The native folder dialog; null when it was cancelled. */
  chooseFolder(title: string): Promise<string | null>;
  /** Shows a file of this computer in the file browser of the system. */
  showInFolder(path: string): Promise<void>;
  /** Menu commands by their id (`open-workspace`, `palette`, …). Returns the function that ends it. */
  onCommand(listener: (command: string) => void): () => void;
  /** Encrypted by the system's keychain; null when there is none under that name. */
  readSecret(name: string): Promise<string | null>;
  /** `null` removes it. */
  writeSecret(name: string, value: string | null): Promise<void>;
}

declare global {
  interface Window {
    readonly nessoDesktop?: DesktopHost;
  }
}
