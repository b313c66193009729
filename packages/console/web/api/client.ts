/** The REST API's refusal of a request: RFC 9457. */
export class Problem extends Error {
  readonly status: number;
  /** For programs: `INVALID_ARGUMENT`, `ETAG_MISMATCH`, … */
  readonly code: string;
  /** The field of the request that is wrong, as the request names it; empty: none in particular. */
  readonly field: string;
  readonly retryAfterMs: number | undefined;

  constructor(problem: { status: number; detail: string; code: string; field?: string; retryAfterMs?: number }) {
    super(problem.detail);
    this.name = 'Problem';
    this.status = problem.status;
    this.code = problem.code;
    this.field = problem.field ?? '';
    this.retryAfterMs = problem.retryAfterMs;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface RequestOptions {
  query?: Query;
  body?: unknown;
  /** ETag that the resource must still have. */
  ifMatch?: string;
  signal?: AbortSignal;
}

type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Requests of the browser's session: its cookie goes by itself, writes carry the session's token against forgery. */
class Client {
  /** The session's; set by whoever signs in. */
  csrfToken = '';
  /** Called when the session of `csrfToken` has ended. */
  onSessionEnd: () => void = () => {};

  /** @throws Problem also where there was no answer (`status` 0) */
  async request<Answer>(verb: Verb, path: string, options: RequestOptions = {}): Promise<Answer> {
    const { csrfToken } = this;
    const response = await this.#fetch(verb, path, options);
    const text = await response.text();
    if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as Answer;
    const problem = toProblem(response, text);
    if (path !== '/v1/session') this.#heed(problem, csrfToken);
    throw problem;
  }

  get<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
    return this.request('GET', path, { query, ...(signal && { signal }) });
  }

  /**
   * Opens a stream of server-sent events.
   * @param lastEventId It goes on after that event; empty: from now on
   * @throws Problem
   */
  async openStream(url: string, lastEventId: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { csrfToken } = this;
    const headers = { accept: 'text/event-stream', ...(lastEventId !== '' && { 'last-event-id': lastEventId }) };
    const response = await fetch(url, { headers, credentials: 'same-origin', cache: 'no-store', signal });
    if (response.ok && response.body) return response.body;
    const problem = toProblem(response, await response.text());
    this.#heed(problem, csrfToken);
    throw problem;
  }

  /** A request may be refused for want of a session when its page has signed in anew: that session has not ended. */
  #heed({ status }: Problem, csrfToken: string): void {
    if (status === 401 && csrfToken === this.csrfToken) this.onSessionEnd();
  }

  async #fetch(verb: Verb, path: string, { query = {}, body, ifMatch, signal }: RequestOptions): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`;
    if (verb !== 'GET') headers['x-csrf-token'] = this.csrfToken;
    try {
      return await fetch(path + toSearch(query), {
        ...{ method: verb, headers, credentials: 'same-origin', signal: signal ?? null },
        body: body === undefined ? null : JSON.stringify(body),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Problem({ status: 0, code: 'UNREACHABLE', detail: 'The balancer does not answer.' });
    }
  }
}

export const client = new Client();

/** `?a=1&b=2`, or nothing; lists are repeated, what is undefined or empty is left out. */
export function toSearch(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined && one !== '') params.append(name, String(one));
  }
  const search = params.toString();
  return search === '' ? '' : `?${search}`;
}

function toProblem(response: Response, text: string): Problem {
  const status = response.status;
  try {
    return new Problem({ code: 'UNKNOWN', ...JSON.parse(text), status });
  } catch {
    return new Problem({ status, code: 'UNKNOWN', detail: `${status} ${response.statusText}` });
  }
}
