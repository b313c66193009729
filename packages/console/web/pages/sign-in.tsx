import './sign-in.css';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RadioTower } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { type Session, signIn } from '../api/session.ts';
import { sessionKey } from '../app/session.tsx';
import { SignInForm } from '../app/sign-in-form.tsx';
import { Loading } from '../components/loading.tsx';

interface Origin {
  /** Path of the page that was asked for. */
  from?: string;
  /** The browser had a session, which has ended. */
  hasEnded?: boolean;
}

/** Takes a token, or the code of a one-time link; then leads to the page that was asked for. */
export function SignIn() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { from = '/', hasEnded = false } = (useLocation().state as Origin | null) ?? {};
  const [search] = useSearchParams();
  const code = search.get('code');
  const used = useRef<string>(undefined);

  const enter = (session: Session) => {
    queries.setQueryData(sessionKey, session);
    // The code does not stay in the history.
    void navigate(from, { replace: true });
  };
  const redeem = useMutation({ mutationFn: signIn, onSuccess: enter });

  useEffect(() => {
    document.title = 'Sign in · pushfleet';
    // A code is good once, and effects may run twice.
    if (code === null || used.current === code) return;
    used.current = code;
    redeem.mutate({ code });
  }, [code, redeem.mutate]);

  const isRedeeming = code !== null && redeem.error === null;
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <p className="sign-in-brand">
          <RadioTower size={22} aria-hidden />
          pushfleet
        </p>
        <h1>Sign in</h1>
        {hasEnded && (
          <p className="message message-warn" role="status">
            Your session has ended. Sign in again to go on where you were.
          </p>
        )}
        {isRedeeming ? <Loading /> : <SignInForm onSignedIn={enter} refusal={redeem.error} />}
        {redeem.error && (
          <p className="soft">A link is good once, for five minutes: `pushfleet console` prints another one.</p>
        )}
      </div>
    </main>
  );
}
