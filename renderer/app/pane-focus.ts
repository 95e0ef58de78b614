// Moves the focus from pane to pane, as F6 does in desktop programs. Panes are marked with data-pane.

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), textarea, select, [tabindex]:not([tabindex="-1"])';

export function focusNextPane(direction: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')];
  if (panes.length === 0) return;
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(current + direction + panes.length) % panes.length] ?? panes[0];
  const inside = next?.querySelector<HTMLElement>(`[aria-selected="true"], ${FOCUSABLE}`);
  (inside ?? next)?.focus();
  if (next) keepFocus(next);
}

/** A pane that is still loading replaces what was focused; this long the focus stays with the pane then. */
const KEEP_FOCUS_MS = 5000;

function keepFocus(pane: HTMLElement): void {
  const observer = new MutationObserver(() => {
    if (document.activeElement === document.body) pane.focus();
  });
  observer.observe(pane, { childList: true, subtree: true });
  setTimeout(() => observer.disconnect(), KEEP_FOCUS_MS);
}
