// Names of the messages between main, preload and the core process. Everything else goes through the core port.

export const channels = {
  requestPort: 'core:request-port',
  port: 'core:port',
  coreLost: 'core:lost',
  command: 'menu:command',
  chooseFolder: 'dialog:choose-folder',
  showInFolder: 'shell:show-in-folder',
  readSecret: 'secrets:read',
  writeSecret: 'secrets:write',
} as const;

/** What main tells the core process; `port` comes with a MessagePort. */
export type CoreRequest =
  | { readonly kind: 'port' }
  | { readonly kind: 'open'; readonly path: string }
  | { readonly kind: 'quit' };

/** What the core process tells main, so that a new one can go on where this one stopped. */
export interface CoreReport {
  readonly kind: 'workspace';
  readonly path: string | null;
}

/** How the core process is started: its only argument, as JSON. */
export interface CoreStart {
  readonly appFolder: string;
  readonly stateFolder: string;
  readonly version: string;
  /** A folder, or what to open without one. */
  readonly workspace: { readonly path: string } | { readonly first: 'sample' | 'recent' };
}
