// Makes packages/protocol/src/gen from proto/ and proto-internal/: the descriptor sets that clients and servers load at
// run time, and TypeScript types for every message and service; and docs/reference from the comments in proto/. `--check`
// writes nothing and fails when the committed files are stale.
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { renderReference } from './proto-reference.ts';

const root = join(import.meta.dirname, '..');
const committed = join(root, 'packages/protocol/src/gen');
const reference = join(root, 'docs/reference');
/** The modules of buf.yaml: the public API, what balancers and push servers speak among themselves, and what is not ours. */
const modules = ['proto', 'proto-internal', 'proto-third-party'];
const bin = (name: string) => join(root, 'node_modules/.bin', name);

function generate(into: string): void {
  writeDescriptorSets(into);
  writeTypes(into);
  removeRootsWithoutService(into);
  nameTimes(into);
  writeIndexes(into);
}

const { FileDescriptorSet } = createRequire(join(root, 'packages/protocol/package.json'))(
  'protobufjs/ext/descriptor',
) as {
  FileDescriptorSet: {
    decode(bytes: Uint8Array): { file: ProtoFile[] };
    encode(set: { file: ProtoFile[] }): { finish(): Uint8Array };
  };
};

/** Who needs which packages: nobody loads the descriptors of what it does not speak. */
const descriptorSets = [
  { name: 'admin', holds: (file: ProtoFile) => /^(pushfleet\.admin|grpc\.)/.test(file.package) },
  { name: 'node', holds: (file: ProtoFile) => file.package.startsWith('pushfleet.node') },
  { name: 'balancer', holds: (file: ProtoFile) => file.package.startsWith('pushfleet.balancer') },
  { name: 'shared', holds: () => true },
];

interface ProtoFile {
  package: string;
}

function writeDescriptorSets(into: string): void {
  const image = execFileSync(bin('buf'), ['build', '--as-file-descriptor-set', '--exclude-source-info', '-o', '-'], {
    cwd: root,
  });
  let left: ProtoFile[] = FileDescriptorSet.decode(image).file;
  for (const { name, holds } of descriptorSets) {
    const base64 = Buffer.from(FileDescriptorSet.encode({ file: left.filter(holds) }).finish()).toString('base64');
    left = left.filter((file) => !holds(file));
    const lines = (base64.match(/.{1,100}/g) ?? []).map((line) => `  '${line}',`);
    const doc = `/** The ${name} proto files, as a serialized google.protobuf.FileDescriptorSet in base64. */`;
    const text = `// Original files: ${modules.join(', ')}\n\n${doc}\nexport const ${name}Descriptors = [\n${lines.join('\n')}\n].join('');\n`;
    writeFileSync(join(into, `${name}-descriptors.ts`), text);
  }
}

function writeTypes(into: string): void {
  const protos = modules.flatMap((module) => globSync('pushfleet/**/*.proto', { cwd: join(root, module) })).sort();
  const options = ['--longs=Number', '--enums=String', '--defaults', '--oneofs', '--includeComments'];
  const names = ['--inputTemplate=%sInit', '--outputTemplate=%s', '--importFileExtension=.ts'];
  // Relative to the root, because the tool writes the paths that it is given into its output.
  const io = ['--grpcLib=@grpc/grpc-js', '-I', ...modules, '-O', into];
  execFileSync(bin('proto-loader-gen-types'), [...options, ...names, ...io, ...protos], { cwd: root, stdio: 'pipe' });
}

/** The tool also writes a root type for each file; where the file has no service, nobody needs it. */
function removeRootsWithoutService(into: string): void {
  for (const root of globSync('*.ts', { cwd: into })) {
    const file = join(into, root);
    if (!/service: _|Descriptors = /.test(readFileSync(file, 'utf8'))) rmSync(file);
  }
}

/** Fields of time are numbers of milliseconds in TypeScript: `ttl` is `ttlMs`. See packages/protocol/src/time-fields.ts. */
function nameTimes(into: string): void {
  for (const file of globSync('{pushfleet,google/rpc}/**/*.ts', { cwd: into })) {
    const text = readFileSync(join(into, file), 'utf8');
    const mapped = text
      .replaceAll(/^import .*_google_protobuf_(Duration|Timestamp)Init.*\n/gm, '')
      .replaceAll(
        /'(\w+)'(\??): \(_google_protobuf_(?:Duration|Timestamp)(?:Init)? \| null\);/g,
        "'$1Ms'$2: (number);",
      );
    writeFileSync(join(into, file), mapped);
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

function staleReference(pages: Map<string, string>): string[] {
  const files = globSync('*.md', { cwd: reference });
  const gone = files.filter((file) => !pages.has(file));
  return [
    ...gone,
    ...[...pages].filter(([file, text]) => !files.includes(file) || read(file) !== text).map(([file]) => file),
  ];
}

function read(file: string): string {
  return readFileSync(join(reference, file), 'utf8');
}

function check(fresh: string, pages: Map<string, string>): void {
  const stale = [...(isCurrent(fresh) ? [] : ['packages/protocol/src/gen']), ...staleReference(pages)];
  if (stale.length === 0) return;
  console.error(`${stale.join(', ')}: not what the proto files say: run \`npm run generate\` and commit the result.`);
  process.exitCode = 1;
}

function write(fresh: string, pages: Map<string, string>): void {
  for (const dir of [committed, reference]) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
  }
  cpSync(fresh, committed, { recursive: true });
  for (const [file, text] of pages) writeFileSync(join(reference, file), text);
}

const fresh = mkdtempSync(join(tmpdir(), 'pushfleet-gen-'));
try {
  generate(fresh);
  const pages = renderReference(root);
  if (process.argv.includes('--check')) check(fresh, pages);
  else write(fresh, pages);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
