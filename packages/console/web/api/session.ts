import { client, Problem } from './client.ts';
import type { ApiToken } from './messages.ts';

/** The browser's session at the balancers. */
export interface Session {
  apiToken: ApiToken;
  csrfToken: string;
  /** RFC 3339 */
  expireTime: string;
}

/** @returns The session of the browser's cookie; without one whether there was one, which has ended. */
export async function readSession(): Promise<Session | 'none' | 'ended'> {
  try {
    return keep(await client.get<Session>('/v1/session'));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return error.code === 'SESSION_EXPIRED' ? 'ended' : 'none';
    throw error;
  }
}

/** @throws Problem BAD_TOKEN, or with `retryAfterMs` where there were too many failures */
export async function signIn(proof: { token: string } | { code: string }): Promise<Session> {
  return keep(await client.request<Session>('POST', '/v1/session', { body: proof }));
}

export async function signOut(): Promise<void> {
  await client.request('DELETE', '/v1/session');
  client.csrfToken = '';
}

function keep(session: Session): Session {
  client.csrfToken = session.csrfToken;
  return session;
}
