import './pager.css';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useLocation, useNavigate } from 'react-router';
import { formatInteger } from '../app/format.ts';
import { Button } from './button.tsx';

/** Field of the address that holds the token of the page shown. */
export const pageField = 'after';

interface Trail {
  /** Tokens of the pages before the one shown, first to last; the first page has the token ''. */
  trail?: readonly string[];
}

export interface PagerProps {
  /** What the pages are of: "devices". */
  of: string;
  /** Of the page shown; empty: the first one. */
  pageToken: string;
  /** Empty: there is no further page. */
  nextPageToken: string;
  /** Of the page shown. */
  count: number;
}

/**
 * Ways to the pages before and after. Lists know tokens forwards alone, so the way back is kept with the browser's history;
 * who has followed a link into the middle goes back to the first page.
 */
export function Pager({ of, pageToken, nextPageToken, count }: PagerProps) {
  const navigate = useNavigate();
  const { pathname, search, state } = useLocation();
  const trail = (state as Trail | null)?.trail ?? [];
  const goTo = (token: string, before: readonly string[]) => {
    const query = new URLSearchParams(search);
    query.delete(pageField);
    if (token !== '') query.set(pageField, token);
    void navigate(`${pathname}${query.size > 0 ? '?' : ''}${query}`, { state: { trail: before } });
  };
  if (pageToken === '' && nextPageToken === '') return null;
  return (
    <nav className="pager" aria-label={`Pages of ${of}`}>
      <span className="soft">{positionOf(trail, pageToken, count, of)}</span>
      <Button isDisabled={pageToken === ''} onPress={() => goTo(trail.at(-1) ?? '', trail.slice(0, -1))}>
        <ChevronLeft size={16} aria-hidden />
        {pageToken !== '' && trail.length === 0 ? 'First page' : 'Previous'}
      </Button>
      <Button isDisabled={nextPageToken === ''} onPress={() => goTo(nextPageToken, [...trail, pageToken])}>
        Next
        <ChevronRight size={16} aria-hidden />
      </Button>
    </nav>
  );
}

function positionOf(trail: readonly string[], pageToken: string, count: number, of: string): string {
  const counted = `${formatInteger(count)} ${of}`;
  return pageToken !== '' && trail.length === 0 ? counted : `Page ${formatInteger(trail.length + 1)} · ${counted}`;
}
