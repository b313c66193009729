// Looks into the containers of a running `docker-compose up`: each can read what docs/security.md lists and nothing else, is as
// confined as docker-compose.yml says, and devices of this host connect to them and obey.
//   npm run check-containers -w test [-- -f docker-compose.yml -f deploy/redis-tls.yml]
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDevice } from '@pushfleet/device-sdk';
import { documentedFiles } from './readable-files.ts';

const cwd = join(import.meta.dirname, '../..');
const files = process.argv.slice(2);
const problems: string[] = [];
const run = promisify(execFile);

function compose(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('docker-compose', [...files, ...args], { cwd, encoding: 'utf8' });
  return { status, output: status === 0 ? stdout : stderr };
}

function expect(holds: boolean, what: string): void {
  console.log(`${holds ? 'ok     ' : 'PROBLEM'} ${what}`);
  if (!holds) problems.push(what);
}

/** Runs a line of shell in the container of a service; in a new one where that has ended. */
function runIn(service: string, isRunning: boolean, line: string): string {
  const args = isRunning
    ? ['exec', '-T', service, 'sh', '-c', line]
    : ['run', '--rm', '-T', '--no-deps', '--entrypoint', 'sh', service, '-c', line];
  const { status, output } = compose(...args);
  if (status !== 0) throw new Error(`${service}: ${output}`);
  return output.trim();
}

/** Prints the files of mounted volumes; those that docker itself mounts (names, DNS) and the data of Redis are elsewhere. */
const mounted = ['/var/lib/pushfleet', '/run/redis', '/run/redis-tls', '/handed', '/volumes'];
const find = `find ${mounted.join(' ')} -type f -readable 2>/dev/null | sort`;

/** The files that deploy/redis-tls.yml adds. */
function addedByTls(service: string): string[] {
  const isUsed = files.some((file) => file.endsWith('redis-tls.yml')) && service !== 'provision';
  const names = service === 'redis' ? ['ca.crt', 'redis.crt', 'redis.key'] : ['ca.crt'];
  return isUsed ? names.map((name) => `/run/redis-tls/${name}`) : [];
}

function checkFiles(service: string, isRunning: boolean, documentedOnes: readonly string[]): void {
  const wanted = [...documentedOnes, ...addedByTls(service)].toSorted();
  const found = runIn(service, isRunning, find).split('\n').filter(Boolean);
  const shown = found.map((file) => file.replace(/^\/var\/lib\/pushfleet\//, '').replace(/^devices\/.+$/, 'devices/*'));
  const distinct = [...new Set(shown)].toSorted();
  expect(distinct.join() === wanted.join(), `${service} reads ${distinct.join(' ') || 'nothing'}`);
  const missing = wanted.filter((file) => !distinct.includes(file));
  const more = distinct.filter((file) => !wanted.includes(file));
  if (missing.length + more.length > 0) console.log(`        missing: ${missing.join(' ')}; more: ${more.join(' ')}`);
}

interface Inspected {
  HostConfig: {
    ReadonlyRootfs: boolean;
    CapDrop: string[] | null;
    CapAdd: string[] | null;
    SecurityOpt: string[] | null;
    Memory: number;
    PidsLimit: number | null;
    Privileged: boolean;
  };
}

/** Places that docker itself mounts in every container. */
const ofDocker = [
  '/proc',
  '/sys',
  '/dev',
  '/tmp',
  '/sbin/docker-init',
  '/usr/sbin/docker-init',
  '/etc/hosts',
  '/etc/hostname',
  '/etc/resolv.conf',
];
const isBelow = (path: string, known: string) => path === known || path.startsWith(`${known}/`);
const isOfDocker = (path: string) => path === '/' || ofDocker.some((known) => isBelow(path, known));

function checkConfinement(service: string, id: string): void {
  const [{ HostConfig: host }] = JSON.parse(execFileSync('docker', ['inspect', id], { encoding: 'utf8' })) as [
    Inspected,
  ];
  const confined =
    host.ReadonlyRootfs &&
    host.CapDrop?.includes('ALL') === true &&
    (host.CapAdd ?? []).length === 0 &&
    host.SecurityOpt?.some((option) => option.startsWith('no-new-privileges')) === true &&
    host.Memory > 0 &&
    (host.PidsLimit ?? 0) > 0 &&
    !host.Privileged;
  expect(confined, `${service} is confined: ${host.Memory / 2 ** 20} MiB, ${host.PidsLimit} processes and threads`);
  const mounts = runIn(service, true, "cut -d ' ' -f 5 /proc/1/mountinfo").split('\n');
  const others = mounts.filter(
    (path) => !isOfDocker(path) && path !== '/data' && !mounted.some((known) => isBelow(path, known)),
  );
  expect(others.length === 0, `${service} has nothing else mounted ${others.join(' ')}`);
  const status = runIn(service, true, 'cat /proc/1/status; id -u');
  expect(/^CapEff:\s*0+$/m.test(status) && /^NoNewPrivs:\s*1$/m.test(status), `${service} has no capability`);
  expect(/\n1000$/.test(status), `${service} runs as user 1000`);
  const write = runIn(
    service,
    true,
    'touch /x /etc/x /usr/local/bin/x /app/x 2>/dev/null; ls /x /etc/x /usr/local/bin/x /app/x 2>/dev/null; true',
  );
  expect(write === '', `${service} cannot write to its image`);
}

/** The private keys and secrets of others, by their bytes: whatever the files are called. */
function checkSecrets(services: readonly string[]): void {
  const list = `cd /var/lib/pushfleet && for file in $(find . -name '*.key' -o -name '*-password' -o -name admin-token); do echo "$(sha256sum < $file) $file"; done`;
  const held = services.map((service) => [service, runIn(service, true, list).split('\n').filter(Boolean)] as const);
  for (const [service, own] of held.filter(([name]) => name.startsWith('push-server'))) {
    const keys = own.filter((line) => /\.key$/.test(line)).map((line) => line.split(' ')[0]);
    const shared = held.filter(
      ([other, lines]) => other !== service && lines.some((line) => keys.includes(line.split(' ')[0])),
    );
    expect(keys.length === 2 && shared.length === 0, `${service} has two private keys, which nobody else has`);
  }
}

/** One device of each kind of link, with what docs/operations.md says that it needs, is told to synchronize. */
async function checkDevices(): Promise<void> {
  const ca = Buffer.from(runIn('balancer', true, 'cat /var/lib/pushfleet/ca.crt'));
  for (const [at, link] of (['grpc', 'mqtt', 'mqtt3'] as const).entries()) {
    const deviceId = `demo-0${at + 1}`;
    const secret = runIn('provision', false, `cat /var/lib/pushfleet/devices/${deviceId}.secret`);
    const device = createDevice({ deviceId, secret, balancers: ['https://127.0.0.1:13000'], ca, link });
    let synchronized = 0;
    device.handle('forceSync', () => {
      synchronized += 1;
    });
    device.start();
    try {
      await device.connected(AbortSignal.timeout(15_000));
      // Without blocking this process, which is the device.
      const args = [...files, 'exec', '-T', 'balancer', 'pushfleet', 'push', 'sync', deviceId, '--json'];
      const { stdout } = await run('docker-compose', args, { cwd });
      const isDone = stdout.includes('SUCCEEDED') && synchronized === 1;
      expect(isDone, `${deviceId} connects by ${link} and obeys${isDone ? '' : `: ${stdout}`}`);
    } catch (error) {
      expect(false, `${deviceId} connects by ${link}: ${(error as Error).message}`);
    } finally {
      await device.stop();
    }
  }
}

const documented = documentedFiles();
const services = compose('config', '--services')
  .output.trim()
  .split('\n')
  .filter((name) => documented.has(name));
expect(
  services.length === documented.size,
  `docs/security.md lists the containers ${[...documented.keys()].join(', ')}`,
);
const running = services.filter((service) => compose('ps', '-q', service).output.trim() !== '' && isUp(service));
function isUp(service: string): boolean {
  const id = compose('ps', '-q', service).output.trim();
  return execFileSync('docker', ['inspect', '-f', '{{.State.Running}}', id], { encoding: 'utf8' }).trim() === 'true';
}
for (const service of services) {
  checkFiles(service, running.includes(service), documented.get(service) ?? []);
  if (running.includes(service)) checkConfinement(service, compose('ps', '-q', service).output.trim());
}
checkSecrets(running.filter((service) => service !== 'redis'));
await checkDevices();
console.log(problems.length === 0 ? 'every container is as documented' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
