import './secret.css';
import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from './button.tsx';
import { TextField } from './text-field.tsx';

export interface SecretProps {
  /** What it is: "Token", "Secret of the device". */
  label: string;
  secret: string;
}

/** A secret that is shown this once, to be copied. */
export function Secret({ label, secret }: SecretProps) {
  const [isCopied, setCopied] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(true);
    } catch {
      // The browser does not let pages write there: it is selected, to be copied by hand.
      frame.current?.querySelector('input')?.select();
    }
  };
  return (
    <div className="stack">
      <p className="message message-warn">Copy it now: it is kept nowhere and never shown again.</p>
      <div className="secret" ref={frame}>
        <TextField label={label} value={secret} isReadOnly autoFocus />
        <Button onPress={() => void copy()}>
          {isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
      </div>
    </div>
  );
}
