// The first steps of `npm start`, `npm test` and `npm run check`. Plain JavaScript for the Node.js that happens to be on
// the PATH (20 or newer), because the pinned one comes with the dependencies that are installed here.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Node.js 20 or newer is needed; this is ${process.versions.node}, ${process.execPath}`);
  process.exit(1);
}

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binaries = join(root, 'node_modules/.bin');
export const bin = (name) => join(binaries, name);

/** The environment of all tools: the pinned Node.js first on the PATH, and no tool that phones home. */
export const environment = {
  ...process.env,
  PATH: [binaries, process.env.PATH].join(delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};

/** Installs the dependencies and builds the packages, where that is not done yet. Ends the process if it fails. */
export function prepareWorkspace() {
  if (!isInstalled()) install();
  build();
}

const lockFile = join(root, 'package-lock.json');
const marker = join(root, 'node_modules/.pushfleet-install');

/** True as well after an `npm install` by hand: npm writes its own lock file last. */
function isInstalled() {
  if (!existsSync(bin('node'))) return false;
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lockHash()) return true;
  const npmsOwn = join(root, 'node_modules/.package-lock.json');
  return existsSync(npmsOwn) && statSync(npmsOwn).mtimeMs >= statSync(lockFile).mtimeMs;
}

function lockHash() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

function install() {
  console.error('Installing dependencies; the first time this takes a minute …');
  // The npm that runs this script, wherever it is.
  const npm = environment.npm_execpath ? [process.execPath, environment.npm_execpath] : ['npm'];
  const [command, ...args] = [...npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) fail('Installing the dependencies failed; `npm ci` shows all of it.', status);
  writeFileSync(marker, lockHash());
}

function build() {
  const args = ['run', 'build', '--output-logs=errors-only'];
  const turbo = spawnSync(bin('turbo'), args, { cwd: root, env: environment, encoding: 'utf8' });
  if (turbo.status === 0) return;
  console.error(`${turbo.stdout ?? ''}${turbo.stderr ?? ''}`);
  fail('The build failed.', turbo.status);
}

/** Ctrl-C while npm or the build run ends them by a signal, without a status. */
function fail(text, status) {
  if (status !== null) console.error(text);
  process.exit(status ?? 130);
}

/** npm's process; its scripts say `exec`, so that no shell stands in between. */
const launcher = process.ppid;

/**
 * Runs a program on the pinned Node.js with this terminal, and ends as it ends. A signal is passed on, in case it came
 * to this process alone; an npm that is killed tells nobody, and ends the program all the same. With a channel, the
 * program learns of it when this process dies.
 */
export function runPinned(args, { channel = false } = {}) {
  const stdio = ['inherit', 'inherit', 'inherit', ...(channel ? ['ipc'] : [])];
  const child = spawn(bin('node'), args, { stdio, env: environment });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const watch = setInterval(() => {
    if (process.ppid === launcher) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500).unref();
  child.on('error', (error) => {
    console.error(`Cannot run ${bin('node')}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (status) => {
    process.exitCode = status ?? 1;
  });
}
