import './sign-in.css';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { signIn } from '../api/session.ts';
import { sessionKey } from '../app/session.tsx';
import { Button } from '../components/button.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { TextField } from '../components/text-field.tsx';

/** Takes a token, or the code of a one-time link; then leads to the page that was asked for. */
export function SignIn() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { state } = useLocation();
  const [search] = useSearchParams();
  const [token, setToken] = useState('');
  const code = search.get('code');
  const used = useRef<string>(undefined);

  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: async (session) => {
      queries.setQueryData(sessionKey, session);
      // The code does not stay in the history.
      await navigate((state as { from?: string } | null)?.from ?? '/', { replace: true });
    },
  });

  useEffect(() => {
    document.title = 'Sign in · pushfleet';
    // A code is good once, and effects may run twice.
    if (code === null || used.current === code) return;
    used.current = code;
    attempt.mutate({ code });
  }, [code, attempt.mutate]);

  return (
    <main className="sign-in">
      <Form
        className="sign-in-card"
        onSubmit={(event) => {
          event.preventDefault();
          attempt.mutate({ token: token.trim() });
        }}
      >
        <h1>pushfleet</h1>
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
        {attempt.error && <ErrorMessage error={attempt.error} />}
        <Button kind="primary" type="submit" isDisabled={attempt.isPending}>
          Sign in
        </Button>
      </Form>
    </main>
  );
}
