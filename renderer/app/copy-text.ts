// Copies a text and says so; a browser may refuse.
import { notify } from './notifications.ts';

export function copyText(text: string, said: string): void {
  navigator.clipboard.writeText(text).then(
    () => notify({ severity: 'info', title: said }),
    () =>
      notify({
        severity: 'error',
        title: 'Copying was refused by the browser',
        detail: `Copy it by hand: ${text}`,
      }),
  );
}
