import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Form } from 'react-aria-components';
import { Problem } from '../api/client.ts';
import { type Session, signIn } from '../api/session.ts';
import { Button } from '../components/button.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { TextField } from '../components/text-field.tsx';
import { useNow } from './use-now.ts';

export interface SignInFormProps {
  onSignedIn: (session: Session) => void;
  /** The refusal of another way to sign in. */
  refusal?: unknown;
}

/** Takes a token. Where too many were wrong, it says when the next one may be tried. */
export function SignInForm({ onSignedIn, refusal }: SignInFormProps) {
  const [token, setToken] = useState('');
  const attempt = useMutation({ mutationFn: signIn, onSuccess: onSignedIn });
  const error = attempt.error ?? refusal;
  const waitS = useLockOut(error);
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (token.trim() !== '' && waitS === 0 && !attempt.isPending) attempt.mutate({ token: token.trim() });
      }}
    >
      <TextField
        label="Token"
        type="password"
        autoComplete="current-password"
        hint="An API token; `pushfleet tokens create` makes one."
        value={token}
        onChange={setToken}
        isRequired
        autoFocus
      />
      {error != null && <ErrorMessage error={error} />}
      <Button kind="primary" type="submit" isBusy={attempt.isPending} isDisabled={waitS > 0}>
        {waitS > 0 ? `Try again in ${durationText(waitS)}` : 'Sign in'}
      </Button>
    </Form>
  );
}

/** Time until the next try is allowed, in seconds; 0: now. */
function useLockOut(error: unknown): number {
  const nowMs = useNow();
  const [untilMs, setUntil] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: counted from the refusal
  useEffect(() => {
    if (error instanceof Problem && error.retryAfterMs !== undefined) setUntil(nowMs + error.retryAfterMs);
  }, [error]);
  return Math.max(0, Math.ceil((untilMs - nowMs) / 1_000));
}

/** `4:05` */
function durationText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
