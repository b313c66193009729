import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { documentedFiles } from './compose/readable-files.ts';

interface Service {
  image?: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  mem_limit?: string;
  pids_limit?: number;
  network_mode?: string;
  privileged?: boolean;
  ports?: string[];
  volumes?: string[];
  entrypoint?: string | string[];
  environment?: Record<string, string>;
}

interface Compose {
  services: Record<string, Service>;
  volumes?: Record<string, object>;
}

const read = (file: string): Compose =>
  parse(readFileSync(join(import.meta.dirname, '..', file), 'utf8'), { merge: true });
const { services, volumes = {} } = read('docker-compose.yml');
const each = Object.entries(services);
/** Names of the services that mount a volume. */
const mounting = (volume: string) =>
  each.flatMap(([name, { volumes: mounts = [] }]) =>
    mounts.some((one) => one.startsWith(`${volume}:`)) ? [name] : [],
  );

describe('docker-compose.yml', () => {
  it.each(each)('confines %s', (name, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.mem_limit).toMatch(/^(?:\d+[mg]|\$\{PUSHFLEET_MEMORY:-4g\})$/);
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.privileged).toBeUndefined();
    const mayChangeOwners = name === 'volumes';
    expect(service.cap_add).toEqual(mayChangeOwners ? ['CHOWN', 'DAC_READ_SEARCH'] : undefined);
    if (mayChangeOwners) expect(service.network_mode).toBe('none');
  });

  it('keeps the keys of the CAs where only what makes certificates mounts them, without a network', () => {
    expect(mounting('state')).toEqual(['volumes', 'init']);
    for (const name of mounting('state')) expect(services[name]).toMatchObject({ network_mode: 'none' });
    expect(each.filter(([, { ports }]) => ports).map(([name]) => name)).not.toContain('init');
  });

  it('gives each service its own volume, to read alone', () => {
    const handed = ['balancer', 'push-server-1', 'push-server-2', 'push-server-3'];
    for (const name of handed) {
      expect(mounting(name)).toEqual(['volumes', 'init', name]);
      expect(services[name]?.volumes).toEqual([`${name}:/var/lib/pushfleet:ro`]);
    }
    expect(mounting('operator')).toEqual(['volumes', 'init', 'provision']);
    expect(mounting('redis-secrets')).toEqual(['volumes', 'init', 'redis']);
    for (const volume of Object.keys(volumes)) expect(mounting(volume), volume).not.toEqual([]);
  });

  it('has no secret in an environment or a command, and publishes to everybody what devices need alone', () => {
    for (const [, { environment = {} }] of each) {
      for (const value of Object.values(environment)) expect(value).not.toMatch(/\/\/[^/]*:[^/]*@/);
    }
    const open = each.flatMap(([, { ports = [] }]) => ports.filter((port) => !port.startsWith('127.0.0.1:')));
    expect(open).toEqual(['13000:13000', '13295:13295', '13296:13296', '13297:13297']);
  });

  it('is what docs/security.md lists, container by container', () => {
    const ofOurs = each.filter(([, { image = '' }]) => /^pushfleet:|redis/.test(image)).map(([name]) => name);
    expect([...documentedFiles().keys(), 'volumes', 'init'].toSorted()).toEqual(ofOurs.toSorted());
  });

  it('hands each service the files that docs/security.md lists', () => {
    const [, , script = ''] = (services.init?.entrypoint ?? []) as string[];
    const handed = (name: string) => new RegExp(`hand ${name} (.*)`).exec(script)?.[1]?.split(' ').toSorted();
    expect(handed('balancer')).toEqual(documentedFiles().get('balancer'));
    expect(handed('redis')?.map((file) => `/run/redis/${file}`)).toEqual(documentedFiles().get('redis'));
    expect(documentedFiles().get('provision')).toEqual([...(handed('operator') ?? []), 'devices/*'].toSorted());
  });
});

describe('deploy/redis-tls.yml', () => {
  it('lets every service that knows Redis check its certificate, and closes the port without TLS', () => {
    const secured = read('deploy/redis-tls.yml').services;
    const knows = each.filter(([, { environment }]) => environment?.PUSHFLEET_REDIS_URL).map(([name]) => name);
    expect(knows).toContain('balancer');
    for (const name of knows) {
      const { environment = {}, volumes: mounts } = secured[name] as Service;
      expect(environment.PUSHFLEET_REDIS_URL).toMatch(/^rediss:/);
      expect(mounts).toEqual([`./deploy/redis-tls/ca.crt:${environment.PUSHFLEET_REDIS_CA_FILE}:ro`]);
    }
    expect(JSON.stringify(secured.redis)).toMatch(/--port 0 --tls-port 6379/);
  });
});
