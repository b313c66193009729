import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Every file of ours, and every package, that a process loads when it imports this. */
function loadedBy(specifier: string): string[] {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import(${JSON.stringify(specifier)});
    console.log(JSON.stringify(loaded));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
  });
  const urls = JSON.parse(output.toString()) as string[];
  return urls.map((url) =>
    url.replace(/^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\/.*$/, '$1').replace(/^.*\/dist\//, ''),
  );
}

const admin = ['admin.js', 'gen/admin-descriptors.js'];
const node = ['node.js', 'gen/node-descriptors.js'];
const balancer = ['balancer.js', 'gen/balancer-descriptors.js'];

describe('an import of', () => {
  it.each([
    ['@pushfleet/protocol', [], [...admin, ...node, ...balancer, 'device.js']],
    ['@pushfleet/protocol/device', ['device.js'], [...admin, ...node, ...balancer]],
    ['@pushfleet/protocol/admin', admin, [...node, ...balancer, 'device.js']],
    ['@pushfleet/protocol/node', node, [...admin, ...balancer, 'device.js']],
    // Its messages hold those of the admin API.
    ['@pushfleet/protocol/balancer', [...admin, ...balancer], [...node, 'device.js']],
  ])('%s loads what belongs to it, and nothing of the others', (specifier, wanted, unwanted) => {
    const loaded = loadedBy(specifier);
    expect(loaded).toEqual(expect.arrayContaining(['gen/shared-descriptors.js', ...wanted]));
    expect(loaded.filter((file) => unwanted.includes(file))).toEqual([]);
    expect(loaded).not.toContain('@grpc/reflection');
  });
});
