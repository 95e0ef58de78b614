// Where the focus goes when a dialog closes that took the place of another, as one does that waited for its data: react-aria gives it
// back to what had it before, and that was the first of the two. Knows only what had the focus outside of dialogs.

const INSIDE = '[role="dialog"], [role="alertdialog"], [role="menu"]';

let outside: HTMLElement | null = null;

if (typeof document !== 'undefined')
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && target !== document.body && target.closest(INSIDE) === null)
      outside = target;
  });

/** Once react-aria had its turn: only where nothing has the focus and no dialog is open. */
export function returnFocus(): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (isLost && document.querySelector(INSIDE) === null && outside?.isConnected) outside.focus();
    }),
  );
}
