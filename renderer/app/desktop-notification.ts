// A notice on the desktop while nobody looks at the window: the system's own notification, where a person allowed it.

const isAvailable = (): boolean => 'Notification' in globalThis;

/** Whether a person has still to be asked. The desktop app never asks: there the system's own settings decide. */
export function canAskForDesktop(): boolean {
  return isAvailable() && Notification.permission === 'default';
}

/** Browsers ask only in answer to an act of a person. */
export async function askForDesktop(): Promise<boolean> {
  return isAvailable() && (await Notification.requestPermission()) === 'granted';
}

/** `tag` replaces an earlier one of the same: two windows of one studio show it once. */
export function showOnDesktop(title: string, body: string, tag: string): void {
  if (!isAvailable() || Notification.permission !== 'granted') return;
  if (document.visibilityState === 'visible' && document.hasFocus()) return;
  const shown = new Notification(title, { body, tag });
  shown.onclick = () => window.focus();
}
