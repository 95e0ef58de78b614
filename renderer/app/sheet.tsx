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
    const onPointerDown = ({ target }: PointerEvent) => {
      // The status bar holds the buttons that close it by themselves.
      if (target instanceof Element && !panel.current?.contains(target) && !target.closest('footer'))
        closeOverlay();
    };
    document.addEventListener('pointerdown', onPointerDown, true);
    return () => {
      document.removeEventListener('pointerdown', onPointerDown, true);
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // Esc reaches it from whatever has the focus inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
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
      <div className={styles['sheetHead']}>
        <h2>{title}</h2>
        {actions}
        <IconButton icon={X} label={`Close ${title.toLowerCase()}`} size="small" onPress={closeOverlay} />
      </div>
      <div className={styles['sheetBody']}>{children}</div>
    </section>
  );
}
