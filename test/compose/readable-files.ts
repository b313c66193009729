import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The files that each container of docker-compose.yml can read, beside those of its image, as docs/security.md lists them. */
export function documentedFiles(): Map<string, string[]> {
  const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
  const section = /\n## What each container can read\n([\s\S]*?)(?:\n## |$)/.exec(page)?.[1] ?? '';
  const rows = section.split('\n').filter((line) => /^\| `/.test(line));
  return new Map(
    rows.flatMap((row) => {
      const [, containers = '', files = ''] = row.split('|');
      return quoted(containers).map((container) => [container, quoted(files).toSorted()] as const);
    }),
  );
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text as string);
}
