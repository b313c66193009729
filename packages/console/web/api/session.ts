import { client, Problem } from './client.ts';
import type { ApiToken } from './messages.ts';

/** The browser's session at the balancers. */
export interface Session {
  apiToken: ApiToken;
  csrfToken: string;
  /** RFC 3339 */
  expireTime: string;
}

/** @returns The session of the browser's cookie, or `undefined` */
export async function readSession(): Promise<Session | undefined> {
  try {
    return keep(await client.get<Session>('/v1/session'));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return undefined;
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
