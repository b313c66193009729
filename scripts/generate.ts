// Makes packages/protocol/src/gen from proto/: the descriptor set that clients and servers load at run time, and
// TypeScript types for every message and service. `--check` writes nothing and fails when the committed files are stale.
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const committed = join(root, 'packages/protocol/src/gen');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

function generate(into: string): void {
  writeDescriptorSet(into);
  writeTypes(into);
  removeRootsWithoutService(into);
  writeIndexes(into);
}

function writeDescriptorSet(into: string): void {
  const image = join(into, 'image.binpb');
  execFileSync(bin('buf'), ['build', '--as-file-descriptor-set', '--exclude-source-info', '-o', image], { cwd: root });
  const base64 = readFileSync(image).toString('base64');
  rmSync(image);
  const lines = base64.match(/.{1,100}/g) ?? [];
  writeFileSync(
    join(into, 'descriptor-set.ts'),
    `// Original file: proto/\n\n/** All proto files, as a serialized google.protobuf.FileDescriptorSet in base64. */\nexport const descriptorSet = [\n${lines
      .map((line) => `  '${line}',`)
      .join('\n')}\n].join('');\n`,
  );
}

function writeTypes(into: string): void {
  const protos = globSync('pushfleet/**/*.proto', { cwd: join(root, 'proto') }).sort();
  const options = ['--longs=Number', '--enums=String', '--defaults', '--oneofs', '--includeComments'];
  const names = ['--inputTemplate=%sInit', '--outputTemplate=%s', '--importFileExtension=.ts'];
  // Relative to the root, because the tool writes the paths that it is given into its output.
  const io = ['--grpcLib=@grpc/grpc-js', '-I', 'proto', '-O', into];
  execFileSync(bin('proto-loader-gen-types'), [...options, ...names, ...io, ...protos], { cwd: root, stdio: 'pipe' });
}

/** The tool also writes a root type for each file; where the file has no service, nobody needs it. */
function removeRootsWithoutService(into: string): void {
  for (const root of globSync('*.ts', { cwd: into })) {
    const file = join(into, root);
    if (!/service: _|descriptorSet/.test(readFileSync(file, 'utf8'))) rmSync(file);
  }
}

/** One index per proto package (`gen/admin.ts`), so that a reader writes `admin.PushRequest`. */
function writeIndexes(into: string): void {
  const packages = new Map<string, string[]>();
  for (const file of globSync('pushfleet/*/v1/*.ts', { cwd: into }).sort()) {
    const name = dirname(dirname(relative('pushfleet', file)));
    packages.set(name, [...(packages.get(name) ?? []), file]);
  }
  for (const [name, files] of packages) {
    const exports = files.map((file) => `export ${isEnum(join(into, file)) ? '' : 'type '}* from './${file}';`);
    writeFileSync(join(into, `${name}.ts`), `${exports.join('\n')}\n`);
  }
}

/** Enums are values too; messages and services are types alone. */
function isEnum(file: string): boolean {
  return readFileSync(file, 'utf8').includes('\nexport const ');
}

function files(dir: string): string[] {
  return globSync('**/*.ts', { cwd: dir }).sort();
}

function isCurrent(fresh: string): boolean {
  return (
    files(fresh).join() === files(committed).join() &&
    files(fresh).every((file) => readFileSync(join(fresh, file)).equals(readFileSync(join(committed, file))))
  );
}

const fresh = mkdtempSync(join(tmpdir(), 'pushfleet-gen-'));
try {
  generate(fresh);
  if (process.argv.includes('--check')) {
    if (!isCurrent(fresh)) {
      console.error('packages/protocol/src/gen is not what proto/ says: run `npm run generate` and commit the result.');
      process.exitCode = 1;
    }
  } else {
    rmSync(committed, { recursive: true, force: true });
    mkdirSync(committed, { recursive: true });
    cpSync(fresh, committed, { recursive: true });
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
