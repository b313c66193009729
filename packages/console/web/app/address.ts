import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

export type AddressChange = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Address {
  /** The value of one field of the query; empty: it is not there. */
  get: (name: string) => string;
  getAll: (name: string) => readonly string[];
  /**
   * Changes fields of the query, and leaves the others; what is empty or undefined goes. `push`: the browser's way back leads
   * to the address before.
   */
  change: (change: AddressChange, how?: 'push' | 'replace') => void;
}

/** The page's state that its address holds, so that it can be kept, sent to others and gone back to: filters, dialogs, pages. */
export function useAddress(): Address {
  const [search, setSearch] = useSearchParams();
  const change = useCallback<Address['change']>(
    (changed, how = 'replace') =>
      setSearch((before) => withChange(before, changed), { replace: how === 'replace', preventScrollReset: true }),
    [setSearch],
  );
  return { get: (name) => search.get(name) ?? '', getAll: (name) => search.getAll(name), change };
}

function withChange(before: URLSearchParams, changed: AddressChange): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [name, value] of Object.entries(changed)) {
    after.delete(name);
    for (const one of [value ?? ''].flat()) if (one !== '') after.append(name, one);
  }
  return after;
}
