import { describe, expect, it } from 'vitest';
import { encodePageToken, type PageRequest, parsePageSize, takePage } from './paging.ts';

const letters = ['a', 'b', 'c', 'd', 'ä', '😀'];
const take = (request: Partial<PageRequest>, items: readonly string[] = letters) =>
  takePage('letters', items, (item) => item, { pageSize: 2, pageToken: '', ...request });

describe('a page', () => {
  it('goes on after the one before, to the end, whatever the size', () => {
    for (const pageSize of [1, 2, 3, 5, 6, 7]) {
      const listed: string[] = [];
      let pageToken = '';
      do {
        const { page, nextPageToken } = take({ pageSize, pageToken });
        expect(page.length).toBeLessThanOrEqual(pageSize);
        listed.push(...page);
        pageToken = nextPageToken;
      } while (pageToken !== '');
      expect(listed).toEqual(letters);
    }
  });

  it('goes on where its last item is gone', () => {
    const { page, nextPageToken } = take({});
    expect(page).toEqual(['a', 'b']);
    expect(take({ pageToken: nextPageToken }, ['a', 'c', 'd']).page).toEqual(['c', 'd']);
    expect(take({ pageToken: nextPageToken }, ['a']).page).toEqual([]);
  });

  it('is empty, and the last one, of nothing', () => {
    expect(take({}, [])).toEqual({ page: [], nextPageToken: '' });
  });

  it.each([
    ['no base64', '!'],
    ['padded', `${encodePageToken('letters:a')}=`],
    ['of another list', encodePageToken('groups:a')],
    ['of none', encodePageToken('a')],
  ])('is refused where its token is %s', (_what, pageToken) => {
    expect(() => take({ pageToken })).toThrow('page_token: must be the next_page_token of the page before');
  });
});

it.each([
  [0, 100],
  [1, 1],
  [1_000, 1_000],
  [1_001, 1_000],
  [4_294_967_295, 1_000],
])('a page size of %d is %d', (asked, size) => {
  expect(parsePageSize(asked)).toBe(size);
});
