// A small panel above the status bar, not modal: Esc or its cross closes it, and the focus goes back.
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from '../ui/button.tsx';
import styles from './notifications.module.css';
import { closeOverlay } from './overlays.ts';

export function Sheet({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <section
      ref={panel}
      className={styles['sheet']}
      aria-label={title}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        closeOverlay();
      }}
    >
      <header className={styles['sheetHead']}>
        <h2>{title}</h2>
        {actions}
        <IconButton icon={X} label={`Close ${title.toLowerCase()}`} size="small" onPress={closeOverlay} />
      </header>
      <div className={styles['sheetBody']}>{children}</div>
    </section>
  );
}
