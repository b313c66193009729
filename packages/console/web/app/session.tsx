import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { Navigate, useLocation } from 'react-router';
import { client } from '../api/client.ts';
import type { Role } from '../api/messages.ts';
import { readSession, type Session, signOut } from '../api/session.ts';
import { ErrorMessage } from '../components/error-message.tsx';
import { Loading } from '../components/loading.tsx';

export const sessionKey = ['session'] as const;

const SessionContext = createContext<Session | undefined>(undefined);

/** Shows its children to who is signed in, and the sign-in page to others: it leads back here. */
export function SignedIn({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const location = useLocation();
  const {
    data: session,
    isPending,
    error,
  } = useQuery({
    queryKey: sessionKey,
    queryFn: async () => (await readSession()) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  });

  useEffect(() => {
    client.onSessionEnd = () => queries.setQueryData(sessionKey, null);
  }, [queries]);

  if (isPending) return <Loading />;
  if (error) return <ErrorMessage error={error} />;
  if (session === null) return <Navigate to="/sign-in" state={{ from: location.pathname + location.search }} replace />;
  return <SessionContext value={session}>{children}</SessionContext>;
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
    queries.setQueryData(sessionKey, null);
  };
}
