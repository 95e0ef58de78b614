// What a page may ask of the system: to write text to the clipboard, and to show a notification; nothing else.
import type { Session } from 'electron';

const allowed: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'notifications']);

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(allowed.has(permission)));
  session.setPermissionCheckHandler((_contents, permission) => allowed.has(permission));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}
