import './dialog.css';
import { type ReactNode, useState } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Button } from './button.tsx';
import { ErrorMessage } from './error-message.tsx';

export interface DialogProps {
  title: string;
  /** Called by Escape and a press outside; the caller then stops showing the dialog. */
  onClose: () => void;
  /** A press outside does not close it: what it shows would be lost. */
  isLocked?: boolean;
  /** It asks something that cannot be taken back. */
  isAlert?: boolean;
  children: ReactNode;
}

/** A window over the page, shown as long as it is rendered. Its buttons stand in `<DialogButtons>`. */
export function Dialog({ title, onClose, isLocked = false, isAlert = false, children }: DialogProps) {
  return (
    <ModalOverlay
      className="dialog-backdrop"
      isOpen
      isDismissable={!isLocked}
      isKeyboardDismissDisabled={isLocked}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Modal className="dialog-window">
        <AriaDialog className="dialog" role={isAlert ? 'alertdialog' : 'dialog'}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className="dialog-buttons">{children}</div>;
}

export interface ConfirmDialogProps {
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** On the button that does it: a verb. */
  verb: string;
  isDangerous?: boolean;
  /** Where it is refused, the dialog stays and says why. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  /** Once it is done, whoever shows the dialog shows something else instead. */
  staysOpen?: boolean;
}

/** Asks before something is done that cannot be taken back. */
export function ConfirmDialog({
  title,
  children,
  verb,
  isDangerous = false,
  onConfirm,
  onClose,
  staysOpen = false,
}: ConfirmDialogProps) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      if (!staysOpen) onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} isAlert>
      <div>{children}</div>
      {error !== undefined && <ErrorMessage error={error} />}
      <DialogButtons>
        <Button onPress={onClose} autoFocus>
          Cancel
        </Button>
        <Button kind={isDangerous ? 'danger' : 'primary'} isBusy={isBusy} onPress={() => void confirm()}>
          {verb}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
