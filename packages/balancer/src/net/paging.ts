import { invalidArgument } from '@pushfleet/protocol';

const defaultPageSize = 100;
const greatestPageSize = 1_000;

/** The paging fields of every List request, after AIP-158. */
export interface PageRequest {
  /** 0: 100. A larger one than 1,000 is 1,000. */
  pageSize: number;
  /** Empty: the first page. */
  pageToken: string;
}

export function parsePageSize(asked: number): number {
  return Math.min(asked || defaultPageSize, greatestPageSize);
}

/** A page token holds the key of the last item of the page before it; opaque to callers. */
export function encodePageToken(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** @throws PushfleetError INVALID_ARGUMENT that names page_token. */
export function decodePageToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString('utf8');
  // Whatever is not of the alphabet is passed over by the decoder.
  if (encodePageToken(key) !== token) throw badPageToken();
  return key;
}

export function badPageToken() {
  return invalidArgument('page_token', 'the next_page_token of the page before');
}

/**
 * One page of a list that is known as a whole, in its order. An item that comes or goes between two pages may or may not be
 * there; no other is left out or repeated.
 * @param keyOf Ascends along the list: it finds the place of an item that has gone.
 * @param list Its name: the token of one list is none of another.
 * @throws PushfleetError INVALID_ARGUMENT that names page_token.
 */
export function takePage<Item>(
  list: string,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { pageSize, pageToken }: PageRequest,
): { page: Item[]; nextPageToken: string } {
  const size = parsePageSize(pageSize);
  const after = pageToken === '' ? undefined : keyIn(pageToken, `${list}:`);
  const first = after === undefined ? 0 : placeAfter(after, items.map(keyOf));
  const page = items.slice(first, first + size);
  const last = page.at(-1);
  const isLast = last === undefined || first + page.length >= items.length;
  return { page, nextPageToken: isLast ? '' : encodePageToken(`${list}:${keyOf(last)}`) };
}

function placeAfter(key: string, keys: readonly string[]): number {
  const found = keys.indexOf(key);
  if (found >= 0) return found + 1;
  const next = keys.findIndex((one) => one > key);
  return next < 0 ? keys.length : next;
}

function keyIn(token: string, prefix: string): string {
  const key = decodePageToken(token);
  if (!key.startsWith(prefix)) throw badPageToken();
  return key.slice(prefix.length);
}
