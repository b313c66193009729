import './notices.css';
import { X } from 'lucide-react';
import { Text } from 'react-aria-components';
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import { Button } from './button.tsx';
import { errorText } from './error-message.tsx';

interface Notice {
  kind: 'good' | 'bad';
  text: string;
}

const shownMs = 6_000;
const queue = new ToastQueue<Notice>({ maxVisibleToasts: 4 });

/** Says for a few seconds that something was done. */
export function notify(text: string): void {
  queue.add({ kind: 'good', text }, { timeout: shownMs });
}

/** Says until it is closed what was refused. */
export function notifyError(error: unknown): void {
  queue.add({ kind: 'bad', text: errorText(error) });
}

/** Where notices are shown: once, in the root. */
export function Notices() {
  return (
    <ToastRegion queue={queue} className="notices" aria-label="Notices">
      {({ toast }) => (
        <Toast toast={toast} className="notice" data-kind={toast.content.kind}>
          <ToastContent>
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          <Button slot="close" kind="quiet" aria-label="Close">
            <X size={16} aria-hidden />
          </Button>
        </Toast>
      )}
    </ToastRegion>
  );
}
