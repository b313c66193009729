import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('loads nothing of the admin API, of what balancers and push servers speak, or of reflection', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import('@pushfleet/device-sdk');
    console.log(loaded.join('\\n'));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
  });
  const loaded = output.toString();
  expect(loaded).toContain('protocol/dist/device.js');
  expect(loaded).not.toMatch(/protocol\/dist\/(admin|node)\.js|(admin|node)-descriptors|@grpc\/reflection/);
});
