import { parseGroupPath, parseNodeId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { checkAdminApi } from './admin-api-check.ts';
import { checkClockSkew, checkClockStep, checkNodeClocks } from './clock-checks.ts';
import type { Finding } from './finding.ts';
import { checkOpenFiles } from './open-files.ts';
import { listeningInodes } from './port-holder.ts';
import { checkPort, type PortState } from './ports.ts';
import { checkRedisSettings, checkRegistry, checkRegistryLatency } from './registry-checks.ts';
import { checkDistributionPoint } from './registry-examination.ts';
import { checkSettings } from './settings-check.ts';
import { checkStateDirectory } from './state-directory-check.ts';
import { checkAcceptBacklog, checkConntrack, checkPortRange, checkSynBacklog } from './sysctls.ts';
import { checkMemberVersions, checkNodeVersion } from './versions.ts';

/** `problem: what is meant → what to change` */
const words = ({ level, detail, change }: Finding) =>
  `${level}: ${detail}${change === undefined ? '' : ` → ${change}`}`;

describe('open files', () => {
  const of = (change: Partial<Parameters<typeof checkOpenFiles>[0]>) =>
    words(checkOpenFiles({ runs: ['push-server'], limit: 1_048_576, maxConnections: 50_000, ...change }));
  it.each([
    [{}, /^ok: 1048576 for what is started from here: \d+ workers hold 50000 links$/],
    [
      { limit: 1_024, maxWorkers: 2 },
      /^problem: .*2 workers of 1024 open files each hold 1536 of 50000.* → ulimit -n 25500 /,
    ],
    [{ limit: 1_024, maxWorkers: 2, pid: 7 }, /^problem: the running process 7: /],
    [{ runs: ['balancer'] as const, limit: 1_024 }, /^warning: 1024 .* → ulimit -n 16384 .*LimitNOFILE=16384/],
    [{ runs: [], limit: 10 }, /^skipped: /],
  ])('%j', (change, expected) => expect(of(change)).toMatch(expected));
});

describe('a port', () => {
  const settings = { setting: 'PUSHFLEET_ADMIN_PORT', bindSetting: 'PUSHFLEET_ADMIN_BIND' };
  const of = (state: PortState) =>
    words(checkPort({ port: 443, host: '10.0.0.1', purpose: 'the admin API', ...settings }, state));
  const by = (command: string): PortState => ({ kind: 'taken', by: { pid: 7, command } });
  it.each<[string, PortState, RegExp]>([
    ['is free', { kind: 'free' }, /^ok: free/],
    ['is taken by another program', by('nginx: master process'), /^problem: .*pid 7: nginx.* → .*PUSHFLEET_ADMIN_PORT/],
    ['is taken by an editor of ours', by('vim pushfleet.js'), /^problem: /],
    ['is taken from a directory of ours', by('node /home/pushfleet/other.js'), /^problem: /],
    ['is taken by somebody', { kind: 'taken' }, /^warning: .* → sudo ss -ltnp 'sport = :443'/],
    ['is had by pushfleet', by('/usr/bin/node /usr/local/bin/pushfleet balancer'), /^ok: pushfleet has it \(pid 7\)/],
    ['is had by a worker', by('node /app/packages/push-server/dist/worker/main.js'), /^ok: pushfleet has it/],
    ['is for root', { kind: 'refused', code: 'EACCES' }, /^problem: .*1024.* → .*ip_unprivileged_port_start=443/],
    [
      'is of another machine',
      { kind: 'refused', code: 'EADDRNOTAVAIL' },
      /^problem: .*10\.0\.0\.1.* → change PUSHFLEET_ADMIN_BIND/,
    ],
    ['fails', { kind: 'refused', code: 'EPERM' }, /^problem: .*EPERM/],
  ])('that %s', (_, state, expected) => expect(of(state)).toMatch(expected));

  it('is found in the tables of the kernel by those who listen, and by no others', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:33F3 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0
   1: 0100007F:33F3 0100007F:A1B2 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0\n`;
    expect(listeningInodes(table, 0x33f3)).toEqual(['4711']);
    expect(listeningInodes('', 80)).toEqual([]);
  });
});

describe('the registry', () => {
  it.each([
    [checkRegistry('Redis at a:1', true), /^ok: /],
    [checkRegistry('r', true, 'connect ECONNREFUSED'), /^problem: connect ECONNREFUSED → redis-cli /],
    [checkRegistry('registry.sqlite', false, 'it cannot be read'), /^problem: it cannot be read → start a balancer/],
    [checkRegistryLatency([0.3, 0.4, 90]), /^ok: 0\.4 ms for a round trip, 90\.0 ms at most of 3$/],
    [checkRegistryLatency([7, 8, 9]), /^warning: 8\.0 ms.* → redis-cli .*--latency/],
    [checkRegistryLatency([60, 80, 90]), /^problem: 80\.0 ms/],
  ])('%#', (finding, expected) => expect(words(finding)).toMatch(expected));

  it('has a command for everything that balancers find wrong with a Redis', () => {
    expect(checkRedisSettings({ version: '7.2.4', findings: [] }).map(words)).toEqual([
      expect.stringMatching(/^ok: version 7\.2\.4/),
    ]);
    const findings = (['access', 'version', 'mode', 'eviction', 'persistence'] as const).map((about) => {
      return { severity: about === 'eviction' ? 'unfit' : 'doubtful', about, words: about } as const;
    });
    expect(checkRedisSettings({ version: undefined, findings }).map(words)).toEqual([
      expect.stringMatching(/^warning: access → .*\+info/),
      expect.stringMatching(/^warning: version → install/),
      expect.stringMatching(/^warning: mode → set PUSHFLEET_REDIS_URL/),
      expect.stringMatching(/^problem: eviction → .*CONFIG SET maxmemory-policy noeviction/),
      expect.stringMatching(/^warning: persistence → .*CONFIG SET appendonly yes/),
    ]);
  });

  it('has the distribution point whose push server is to run', () => {
    const pushServer = {
      enabled: true,
      port: 13_295,
      address: 'push.example.org',
      maxConnections: 50_000,
      weight: 100,
    };
    const point = { id: parseNodeId('dp-1'), groups: [parseGroupPath('HQ')], pushServer };
    const off = { ...point, pushServer: { ...pushServer, enabled: false } };
    expect(words(checkDistributionPoint('dp-1', point))).toMatch(/^ok: dp-1 at push\.example\.org:13295/);
    expect(words(checkDistributionPoint('dp-1', off))).toMatch(/^warning: .* → pushfleet dp enable dp-1$/);
    expect(words(checkDistributionPoint('dp-1', undefined))).toMatch(/^problem: .* → pushfleet dp put dp-1 /);
  });
});

describe('the clock', () => {
  const skew = (aheadMs: number | undefined, errorMs = 1) =>
    words(checkClockSkew({ check: 'registry clock', whose: 'Redis', aheadMs, errorMs }));
  it.each([
    [words(checkClockStep({ wallMs: 1_010, monotonicMs: 1_000 })), /^ok/],
    [
      words(checkClockStep({ wallMs: 91_000, monotonicMs: 1_000 })),
      /^warning: it was set by \+90s within the 1\.0 s .* → timedatectl/,
    ],
    [words(checkClockStep({ wallMs: -2_000, monotonicMs: 1_000 })), /^warning: it was set by -3s/],
    [skew(3), /^ok: that of Redis is \+3ms/],
    [skew(-5_000), /^warning: that of Redis is -5s/],
    [skew(5_000, 6_000), /^ok/],
    [skew(3_600_000), /^problem: .*\+1h.* → on whichever is wrong: timedatectl/],
    [skew(undefined), /^skipped: Redis does not tell/],
    [words(checkNodeClocks([])), /^skipped/],
    [
      words(
        checkNodeClocks([
          { nodeId: 'a', aheadMs: 20 },
          { nodeId: 'b', aheadMs: undefined },
        ]),
      ),
      /^ok: 1 within a minute/,
    ],
    [
      words(
        checkNodeClocks([
          { nodeId: 'a', aheadMs: 20 },
          { nodeId: 'b', aheadMs: -120_000 },
        ]),
      ),
      /^problem: .*b \(-2m\) → on those machines/,
    ],
    [
      words(
        checkNodeClocks([
          { nodeId: 'a', aheadMs: 120_000 },
          { nodeId: 'b', aheadMs: 120_000 },
        ]),
      ),
      /^problem: .* → on this machine/,
    ],
  ])('%#: %s', (said, expected) => expect(said).toMatch(expected));
});

describe('what the kernel is set to', () => {
  const runs = ['push-server'] as const;
  const range = (change: object) =>
    words(checkPortRange({ range: '32768\t60999', reserved: '', ports: [13_295], runs, ...change }));
  const conntrack = (max: string | undefined, count = '10', maxConnections?: number) =>
    words(checkConntrack({ max, count, maxConnections, runs }));
  it.each([
    [words(checkAcceptBacklog('4096', runs)), /^ok: 4096/],
    [
      words(checkAcceptBacklog('128', runs)),
      /^warning: 128: .* → sysctl -w net\.core\.somaxconn='4096' && echo .*90-pushfleet/,
    ],
    [words(checkSynBacklog('256', '0', runs)), /^warning: .*tcp_max_syn_backlog/],
    [words(checkSynBacklog('256', '1', runs)), /^ok: 256; beyond it SYN cookies/],
    [words(checkSynBacklog('8192', '0', runs)), /^ok: 8192$/],
    [words(checkAcceptBacklog(undefined, runs)), /^skipped: this system/],
    [words(checkAcceptBacklog('1', [])), /^skipped: this machine runs neither/],
    [range({}), /^ok: 32768 to 60999/],
    [
      range({ ports: [40_000, 13_000] }),
      /^warning: .* has 40000 in it.* → sysctl -w net\.ipv4\.ip_local_reserved_ports='40000'/,
    ],
    [range({ ports: [40_000], reserved: '8080,39999-40001' }), /^ok/],
    [range({ ports: [40_000], reserved: '8080' }), /^warning: .*='8080,40000'/],
    [range({ range: '60000 60999' }), /^warning: 60000 to 60999: .* → sysctl -w net\.ipv4\.ip_local_port_range=/],
    [range({ range: undefined }), /^skipped/],
    [conntrack('262144'), /^ok: 262144, of which 10/],
    [conntrack('65536', '10', 50_000), /^warning: 65536: .* → sysctl -w net\.netfilter\.nf_conntrack_max='262144'/],
    [conntrack('65536', '64000', 100), /^problem: 64000 of 65536 are in use/],
    [conntrack('262144', '10', 400_000), /nf_conntrack_max='832768'/],
    [conntrack(undefined), /^skipped: connections are not tracked/],
  ])('%#: %s', (said, expected) => expect(said).toMatch(expected));
});

describe('versions', () => {
  const software = (version: string) => ({ version, node: '26.10.0' });
  const members = (...nodes: ({ version: string; node: string } | undefined)[]) =>
    words(
      checkMemberVersions({ own: '0.2.0', members: nodes.map((each, at) => ({ name: `dp-${at}`, software: each })) }),
    );
  it.each([
    [words(checkNodeVersion('26.10.0', '22.16')), /^ok/],
    [words(checkNodeVersion('22.16.0', '22.16')), /^ok/],
    [words(checkNodeVersion('22.9.0', '22.16')), /^problem: 22\.9\.0 is too old → install Node\.js 22\.16/],
    [words(checkNodeVersion('9.0.0', '22.16')), /^problem/],
    [members(software('0.2.0')), /^ok: dp-0: 0\.2\.0.*26\.10\.0/],
    [members(software('0.2.0'), software('0.1.0')), /^warning: .*dp-1 0\.1\.0 → .*rolling-restart/],
    [members(undefined), /^warning: .*dp-0 an older one/],
    [members(), /^skipped/],
  ])('%#: %s', (said, expected) => expect(said).toMatch(expected));
});

describe('the state directory', () => {
  const good = {
    path: '/s',
    exists: true,
    isWritable: true,
    freeBytes: 2 ** 33,
    freeInodes: 1e6,
    holdsRegistry: true,
    exposed: [],
  };
  const of = (change: Partial<Parameters<typeof checkStateDirectory>[0]>) =>
    words(checkStateDirectory({ runs: ['balancer'], ...good, ...change }));
  it.each([
    [of({}), /^ok: \/s: 8\.0 GiB free$/],
    [of({ exists: false }), /^problem: .* → pushfleet init$/],
    [of({ exists: false, runs: [] }), /^skipped/],
    [of({ freeBytes: 5e7 }), /^problem: .*takes no writes.* → df -h \/s/],
    [of({ freeBytes: 5e7, holdsRegistry: false }), /^ok/],
    [of({ freeBytes: 5e8 }), /^warning: .* → df -h/],
    [of({ freeBytes: undefined, freeInodes: undefined }), /^ok: .*unknown/],
    [of({ freeInodes: 3 }), /^problem: .* → df -i/],
    [of({ isWritable: false }), /^problem: .* → sudo chown/],
    [of({ exposed: ['/s/ca.key'] }), /^problem: .*ca\.key → chmod 600 '\/s\/ca\.key'/],
  ])('%#: %s', (said, expected) => expect(said).toMatch(expected));
});

describe('settings', () => {
  const known = [
    'PUSHFLEET_BIND',
    'PUSHFLEET_REST_PORT',
    'PUSHFLEET_ADMIN_PORT',
    'PUSHFLEET_METRICS_PORT',
    'PUSHFLEET_METRICS_BIND',
  ];
  const of = (environment: Record<string, string>, refusals: string[] = []) => {
    const given = [...known, ...Object.keys(environment).filter((name) => !name.includes('RSET'))];
    return checkSettings({ environment, refusals, known: given }).map(words).join('\n');
  };
  const far = { PUSHFLEET_REDIS_URL: 'redis://:p@10.0.0.9:6379', PUSHFLEET_DISTRIBUTION_POINT: 'dp-1' };
  it.each([
    ['nothing wrong', of({}), /^ok: 0 variables/],
    [
      'a refusal, once',
      of({}, ['PUSHFLEET_BIND: must be a host', 'PUSHFLEET_BIND: must be a host']),
      /^problem: PUSHFLEET_BIND: must be a host → export PUSHFLEET_BIND=[^\n]*$/,
    ],
    [
      'a misspelt name',
      of({ PUSHFLEET_RSET_PORT: '80' }),
      /^warning: PUSHFLEET_RSET_PORT is read by nothing → .*set PUSHFLEET_REST_PORT/,
    ],
    [
      'a key without its certificate',
      of({ PUSHFLEET_TLS_KEY_FILE: 'k' }),
      /^warning: .* → set PUSHFLEET_TLS_CERT_FILE/,
    ],
    ['an address without its port', of({ PUSHFLEET_METRICS_BIND: '::' }), /^warning: .* → set PUSHFLEET_METRICS_PORT/],
    [
      'one port twice',
      of({ PUSHFLEET_ADMIN_PORT: '8080' }),
      /^problem: PUSHFLEET_ADMIN_PORT and PUSHFLEET_REST_PORT are both 8080/,
    ],
    ['any free port twice', of({ PUSHFLEET_ADMIN_PORT: '0', PUSHFLEET_REST_PORT: '0' }), /^ok/],
    [
      'workers that nobody reaches',
      of(far),
      /^warning: .*PUSHFLEET_CONTROL_BIND.* → set PUSHFLEET_CONTROL_BIND=0\.0\.0\.0/,
    ],
    ['workers that are reached', of({ ...far, PUSHFLEET_CONTROL_BIND: '10.0.0.2' }), /^ok/],
    ['a registry of this machine', of({ ...far, PUSHFLEET_REDIS_URL: 'redis://:p@127.0.0.1:6379' }), /^ok/],
    ['plain links for everybody', of({ PUSHFLEET_DEVICE_TLS: 'off' }), /^warning: .*readable/],
    ['plain links for a proxy', of({ PUSHFLEET_DEVICE_TLS: 'off', PUSHFLEET_BIND: '127.0.0.1' }), /^ok/],
  ])('%s', (_, said, expected) => expect(said).toMatch(expected));

  it('never shows what a variable holds', () => {
    expect(of({ PUSHFLEET_RSET_URL: 'redis://:hunter2@h' })).not.toContain('hunter2');
  });
});

describe('the admin API', () => {
  const token = { name: 'root', role: 'admin' };
  const nodes = (...each: [string, string | null][]) =>
    each.map(([status, problem], at) => ({ nodeId: `dp-${at}`, status, problem }));
  const reached = (...each: [string, string | null][]) =>
    checkAdminApi({ kind: 'reached', address: 'a:1', token, nodes: nodes(...each) }, true).map(words)[1];
  it.each([
    [
      checkAdminApi({ kind: 'reached', address: 'a:1', token, nodes: [] }, true).map(words)[0],
      /^ok: a:1 takes the token "root", role admin/,
    ],
    [reached(['ready', null], ['disabled', null]), /^ok: 2: dp-0, dp-1/],
    [reached(), /^warning: none is registered/],
    [reached(['ready', null], ['dead', null]), /^warning: dp-1 dead → pushfleet nodes/],
    [reached(['unreachable', 'certificate expired']), /^problem: dp-0 unreachable, certificate expired → /],
    [
      checkAdminApi({ kind: 'failed', address: 'a:1', words: 'no balancer' }, true).map(words)[0],
      /^problem: no balancer → .*PUSHFLEET_ADMIN_ADDRESS/,
    ],
    [checkAdminApi({ kind: 'failed', address: 'a:1', words: 'no balancer' }, false).map(words)[0], /^warning: /],
    [checkAdminApi({ kind: 'unequipped', words: 'no token' }, true).map(words)[0], /^problem: no token → copy ca\.crt/],
    [checkAdminApi({ kind: 'unequipped', words: 'no token' }, false).map(words)[0], /^skipped: /],
  ])('%#: %s', (said, expected) => expect(said).toMatch(expected));
});
