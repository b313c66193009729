import { client, type Query } from './client.ts';

/** All items of a list that is short enough to be shown whole, page by page. @param field The answer's field that holds them. */
export async function readAll<Item>(path: string, field: string, query: Query = {}): Promise<Item[]> {
  const items: Item[] = [];
  let pageToken = '';
  do {
    const page = await client.get<Record<string, unknown>>(path, { ...query, pageSize: 1_000, pageToken });
    items.push(...(page[field] as Item[]));
    pageToken = String(page.nextPageToken);
  } while (pageToken !== '');
  return items;
}
