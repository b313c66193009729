// Makes packages/protocol/src/gen from proto/ and proto-internal/: the descriptor sets that clients and servers load at
// run time, TypeScript types for every message and service, and their comments; docs/reference from these comments; and the types of
// messages as the console gets them. `--check` writes nothing and fails when the committed files are stale.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { renderJsonTypes } from './json-types.ts';
import { renderComments } from './proto-comments.ts';
import { type ProtoFile, readProtoFiles } from './proto-image.ts';
import { renderReference } from './proto-reference.ts';

const root = join(import.meta.dirname, '..');
const committed = join(root, 'packages/protocol/src/gen');
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

type Packaged = Pick<ProtoFile, 'package'>;

const { FileDescriptorSet } = createRequire(join(root, 'packages/protocol/package.json'))(
  'protobufjs/ext/descriptor',
) as {
  FileDescriptorSet: {
    decode(bytes: Uint8Array): { file: Packaged[] };
    encode(set: { file: Packaged[] }): { finish(): Uint8Array };
  };
};

/** Who needs which packages: nobody loads the descriptors of what it does not speak. */
const descriptorSets = [
  { name: 'admin', holds: (file: Packaged) => /^(pushfleet\.admin|grpc\.)/.test(file.package) },
  { name: 'node', holds: (file: Packaged) => file.package.startsWith('pushfleet.node') },
  { name: 'balancer', holds: (file: Packaged) => file.package.startsWith('pushfleet.balancer') },
  { name: 'shared', holds: () => true },
];

function writeDescriptorSets(into: string): void {
  const image = execFileSync(bin('buf'), ['build', '--as-file-descriptor-set', '--exclude-source-info', '-o', '-'], {
    cwd: root,
  });
  let left: Packaged[] = FileDescriptorSet.decode(image).file;
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

/** Pages of docs/reference that no proto file stands behind any more. */
function gonePages(texts: Texts): string[] {
  return globSync('docs/reference/*.md', { cwd: root }).filter((file) => !texts.has(file));
}

function check(fresh: string, texts: Texts): void {
  const changed = [...texts].filter(([file, text]) => !existsSync(join(root, file)) || read(file) !== text);
  const stale = [
    ...(isCurrent(fresh) ? [] : ['packages/protocol/src/gen']),
    ...gonePages(texts),
    ...changed.map(([file]) => file),
  ];
  if (stale.length === 0) return;
  console.error(`${stale.join(', ')}: not what the proto files say: run \`npm run generate\` and commit the result.`);
  process.exitCode = 1;
}

function write(fresh: string, texts: Texts): void {
  rmSync(committed, { recursive: true, force: true });
  mkdirSync(committed, { recursive: true });
  cpSync(fresh, committed, { recursive: true });
  for (const file of gonePages(texts)) rmSync(join(root, file));
  for (const [file, text] of texts) writeFileSync(join(root, file), text);
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** What is made besides the generated sources of the protocol: texts by their paths. */
type Texts = ReadonlyMap<string, string>;

function renderTexts(files: readonly ProtoFile[]): Texts {
  const pages = [...renderReference(files)].map(([file, text]) => [`docs/reference/${file}`, text] as const);
  return new Map([...pages, ['packages/console/web/api/messages.ts', renderJsonTypes(files)]]);
}

const fresh = mkdtempSync(join(tmpdir(), 'pushfleet-gen-'));
try {
  generate(fresh);
  const protos = readProtoFiles(root);
  writeFileSync(join(fresh, 'comments.ts'), renderComments(protos));
  const texts = renderTexts(protos);
  if (process.argv.includes('--check')) check(fresh, texts);
  else write(fresh, texts);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
