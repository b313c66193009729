export interface HttpResponse {
  status: number;
  body: string;
  /** The connection can be used again. */
  keepsAlive: boolean;
}

/** An answer is a ticket and a few addresses. */
const maxResponseBytes = 65_536;

/**
 * Reads one response of HTTP/1.1 with a Content-Length, as balancers answer; of others all that comes until the connection
 * ends is the body.
 */
export class HttpResponseReader {
  #received = '';

  /** `undefined`: it has not come whole. @throws TypeError where it is larger than any answer of a balancer. */
  read(chunk: Buffer): HttpResponse | undefined {
    this.#received += chunk.toString('latin1');
    if (this.#received.length > maxResponseBytes) throw new TypeError('the answer is too large');
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    const head = this.#received.slice(0, headEnd);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    if (length === undefined || this.#received.length < headEnd + 4 + Number(length)) return undefined;
    const response = this.#responseOf(head, this.#received.slice(headEnd + 4, headEnd + 4 + Number(length)));
    this.#received = '';
    return response;
  }

  /** The connection has ended: what came is all. `undefined`: it is no response. */
  finish(): HttpResponse | undefined {
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    return {
      ...this.#responseOf(this.#received.slice(0, headEnd), this.#received.slice(headEnd + 4)),
      keepsAlive: false,
    };
  }

  #responseOf(head: string, body: string): HttpResponse {
    const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 0);
    return {
      status,
      body: Buffer.from(body, 'latin1').toString('utf8'),
      keepsAlive: !/^connection: *close/im.test(head),
    };
  }
}
