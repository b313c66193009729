import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { binary, runTool } from './cluster/tools.ts';

const root = join(import.meta.dirname, '..');
const olderNode = (version: string) =>
  `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;

function runOn(version: string, program: string = binary) {
  return runTool(process.execPath, ['--import', olderNode(version), program, '--version']);
}

it.each(['20.20.2', '22.9.0', '4.0.0'])('says to who runs it on Node.js %s which one is needed', async (version) => {
  const { status, errors } = await runOn(version);
  expect(status).toBe(1);
  expect(errors).toMatch(/^pushfleet: Node\.js 22\.16 or newer is needed; this is \S+, \/\S+\n$/);
  expect(errors).toContain(version);
});

it.each(['22.16.0', '24.0.1', '100.0.0'])('runs on Node.js %s', async (version) => {
  expect(await runOn(version)).toMatchObject({ status: 0, output: '0.1.0\n' });
});

it('`npm start` says so as well, and needs less', async () => {
  const { status, errors } = await runOn('18.20.8', join(root, 'scripts/start.mjs'));
  expect(status).toBe(1);
  expect(errors).toMatch(/^Node\.js 20 or newer is needed; this is 18\.20\.8, \/\S+\n$/);
});

it('all packages need the same, and their pages say so', () => {
  const manifests = globSync('packages/*/package.json', { cwd: root });
  expect(manifests.length).toBeGreaterThan(5);
  const engines = manifests.map((file) => JSON.parse(readFileSync(join(root, file), 'utf8')).engines);
  expect(engines).toEqual(manifests.map(() => ({ node: '>=22.16' })));
  const pages = globSync(['packages/*/README.md', 'examples/**/*.mjs'], { cwd: root });
  for (const page of pages) expect(readFileSync(join(root, page), 'utf8')).toContain('Node.js ≥ 22.16');
});
