import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { CloseReason } from '@pushfleet/protocol';
import { allSettings } from 'pushfleet';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/**/*.md'], { cwd: root });

describe('the documentation', () => {
  it('lists every setting as the code has it, and no other', () => {
    const rows = allSettings.map(({ name, fallback, description }) => {
      return `| \`${name}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${description} |`;
    });
    const listed = read('docs/configuration.md')
      .split('\n')
      .filter((line) => line.startsWith('| `PUSHFLEET_'));
    expect(listed.toSorted()).toEqual(rows.toSorted());
  });

  it('lists every close reason as the code has it', () => {
    const rows = Object.entries(CloseReason).map(([name, { mqtt, mqtt3, grpc, retry, text }]) => {
      const code = `0x${mqtt.toString(16).padStart(2, '0')}`;
      return `| \`${name}\` | ${code} | ${mqtt3} | ${status[grpc]} | ${retry} — ${text} |`;
    });
    expect(read('docs/device-links.md').split('\n')).toEqual(expect.arrayContaining(rows));
  });

  it.each(pages)('has no dead links in %s', (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map(([, target = '']) => target);
    const files = targets.filter((target) => !/^[a-z]+:/.test(target));
    const dead = files.filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(dead).toEqual([]);
  });
});
