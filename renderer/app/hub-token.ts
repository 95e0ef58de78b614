// The token for the hub: in the system's keychain on the desktop; in a browser only in this tab's memory.

const NAME = 'hugging-face-token';
const desktop = window.nessoDesktop;
let inMemory = '';

export const keepsTokens = desktop !== undefined;

export async function readToken(): Promise<string> {
  return desktop ? ((await desktop.readSecret(NAME)) ?? '') : inMemory;
}

/** An empty one is forgotten. */
export async function keepToken(token: string): Promise<void> {
  if (desktop) await desktop.writeSecret(NAME, token === '' ? null : token);
  else inMemory = token;
}
