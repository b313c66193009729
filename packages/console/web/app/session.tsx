import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import { client } from '../api/client.ts';
import type { Role } from '../api/messages.ts';
import { readSession, type Session, signOut } from '../api/session.ts';
import { Dialog } from '../components/dialog.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { Loading } from '../components/loading.tsx';
import { SignInForm } from './sign-in-form.tsx';

export const sessionKey = ['session'] as const;

const SessionContext = createContext<Session | undefined>(undefined);

/**
 * Shows its children to who is signed in, and the sign-in page to others: it leads back here. A session that ends meanwhile
 * is asked for anew in front of the page, which keeps all that was typed.
 */
export function SignedIn({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const { pathname, search } = useLocation();
  const [hasEnded, setEnded] = useState(false);
  const { data, isPending, error } = useQuery({
    queryKey: sessionKey,
    queryFn: readSession,
    staleTime: Number.POSITIVE_INFINITY,
  });

  useEffect(() => {
    client.onSessionEnd = () => setEnded(true);
  }, []);

  if (isPending) return <Loading />;
  if (error) return <ErrorMessage error={error} />;
  if (typeof data === 'string') {
    return <Navigate to="/sign-in" state={{ from: pathname + search, hasEnded: data === 'ended' }} replace />;
  }
  const goOn = (session: Session) => {
    queries.setQueryData(sessionKey, session);
    setEnded(false);
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
  };
  return (
    <SessionContext value={data}>
      {children}
      {hasEnded && (
        <Dialog title="Your session has ended" onClose={() => {}} isLocked>
          <p>Sign in again to go on where you are. What you have typed is still there.</p>
          <SignInForm onSignedIn={goOn} />
        </Dialog>
      )}
    </SessionContext>
  );
}

/** The session of who is signed in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('nobody is signed in here');
  return session;
}

const ranks: readonly Role[] = ['ROLE_VIEWER', 'ROLE_OPERATOR', 'ROLE_ADMIN'];

/** True where the session's token has the role, or one above it. The balancer decides anew at each request. */
export function useMay(role: 'ROLE_OPERATOR' | 'ROLE_ADMIN'): boolean {
  const { apiToken } = useSession();
  return ranks.indexOf(apiToken.role) >= ranks.indexOf(role);
}

/** @returns A function that ends the session. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await signOut();
    queries.clear();
    queries.setQueryData(sessionKey, 'none');
  };
}
