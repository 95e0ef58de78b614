// Modal dialogs: for a question that must be answered before anything else. Everything long belongs in a pane.
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Button } from './button.tsx';
import styles from './dialog.module.css';
import { returnFocus } from './return-focus.ts';

export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  actions,
  width = 'normal',
  isDismissable = true,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, the main one last. */
  readonly actions?: ReactNode;
  readonly width?: 'normal' | 'wide' | 'full';
  /** False where a click beside it must not count as an answer; Esc closes it all the same. */
  readonly isDismissable?: boolean;
}) {
  const own = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    if (!isOpen) return;
    // A button that is disabled by its own press drops the focus, and keys go nowhere: Escape means the topmost dialog all the same.
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.target !== document.body) return;
      const dialogs = [...document.querySelectorAll('[role="dialog"], [role="alertdialog"]')];
      if (dialogs.at(-1) === own.current) close.current();
    };
    window.addEventListener('keydown', listen);
    return () => {
      window.removeEventListener('keydown', listen);
      returnFocus();
    };
  }, [isOpen]);
  return (
    <ModalOverlay
      isOpen={isOpen}
      isDismissable={isDismissable}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className={styles['overlay'] ?? ''}
    >
      <Modal className={`${styles['modal']} ${styles[width]}`}>
        <AriaDialog ref={own} className={styles['dialog'] ?? ''}>
          <Heading slot="title" className={styles['title'] ?? ''}>
            {title}
          </Heading>
          <div className={styles['body']}>{children}</div>
          {actions ? <div className={styles['actions']}>{actions}</div> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Asks before something is lost. `children` names what; `verb` is the act: "Delete run". */
export function ConfirmDialog({
  title,
  verb,
  isOpen,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  readonly verb: string;
  readonly isOpen: boolean;
  readonly onConfirm: () => void | Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const [isBusy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
    } finally {
      setBusy(false);
      onClose();
    }
  };
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            Cancel
          </Button>
          <Button kind="danger" isDisabled={isBusy} onPress={() => void confirm()}>
            {verb}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
