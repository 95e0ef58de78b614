// A link to an object of the workspace. Ctrl-click, Cmd-click and middle click open it beside, in a new window.
import type { ReactNode } from 'react';

/** `to` is made by `href` of route.ts. */
export function Link({
  to,
  children,
  label,
}: {
  readonly to: string;
  readonly children: ReactNode;
  readonly label?: string;
}) {
  return (
    <a href={to} {...(label ? { 'aria-label': label } : {})}>
      {children}
    </a>
  );
}

/** The same object in another window; in a browser another tab. */
export function openBeside(target: string): void {
  window.open(target, '_blank', 'noopener');
}
