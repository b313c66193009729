import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mayBeInstalled, runTool } from './cluster/tools.ts';
import { alertsFile, dashboardFile } from './observability-files.ts';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

interface Service {
  image?: string;
  profiles?: string[];
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
}

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const yaml = <Content>(file: string): Content => parse(read(file), { merge: true });

const folder = 'deploy/observability';
const prometheus = yaml<{
  rule_files: string[];
  scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
}>(`${folder}/prometheus/prometheus.yml`);
const rules = yaml<{ groups: { name: string; rules: Rule[] }[] }>(alertsFile).groups.flatMap((group) => group.rules);
const { services, volumes } = yaml<{ services: Record<string, Service>; volumes: object }>('docker-compose.yml');
const runbook = /\n### Alerts\n([\s\S]*?)\n## /.exec(read('docs/operations.md'))?.[1] ?? '';

describe('Prometheus', () => {
  it('scrapes every balancer and push server of the compose file, and nothing that is not there', () => {
    const targets = prometheus.scrape_configs.flatMap((job) => job.static_configs.flatMap((each) => each.targets));
    const wanted = Object.entries(services).flatMap(([name, { environment = {}, image }]) => {
      if (image !== 'pushfleet:local') return [];
      if (name === 'balancer') return ['balancer:8080'];
      return environment.PUSHFLEET_METRICS_PORT ? [`${name}:${environment.PUSHFLEET_METRICS_PORT}`] : [];
    });
    expect(targets.toSorted()).toEqual(wanted.toSorted());
    const pushServers = Object.keys(services).filter((name) => name.startsWith('push-server-'));
    expect(targets).toHaveLength(1 + pushServers.length);
    // Of all addresses of its container: Prometheus comes from another one.
    for (const name of pushServers) expect(services[name]?.environment?.PUSHFLEET_METRICS_BIND).toBe('0.0.0.0');
    for (const job of prometheus.scrape_configs) expect(job.job_name).toMatch(/^pushfleet-/);
    expect(prometheus.rule_files).toEqual(['alerts.yml']);
  });

  it.each(rules)('has all that $alert needs, and a line in the runbook', (rule) => {
    expect(Object.keys(rule).every((key) => ['alert', 'expr', 'for', 'labels', 'annotations'].includes(key))).toBe(
      true,
    );
    expect(rule.expr).not.toBe('');
    if (rule.for !== undefined) expect(rule.for).toMatch(/^\d+[smh]$/);
    expect(['critical', 'warning']).toContain(rule.labels.severity);
    expect(rule.annotations.summary).toMatch(/\.$/);
    expect(rule.annotations.runbook).toBe('docs/operations.md#alerts');
    expect(runbook.split('\n').filter((line) => line.startsWith(`| \`${rule.alert}\` |`))).toHaveLength(1);
  });

  it('has an alert for each line of the runbook, and names each once', () => {
    const names = rules.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    const lines = [...runbook.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(lines.toSorted()).toEqual(names.toSorted());
  });

  it.runIf(mayBeInstalled('promtool', ['--version']))('is content with its files', async () => {
    const { status, output, errors } = await runTool('promtool', [
      'check',
      'config',
      `${folder}/prometheus/prometheus.yml`,
    ]);
    expect(status, output + errors).toBe(0);
  });
});

describe('Grafana', () => {
  it('is given the data source and the dashboard where it looks for them', () => {
    const [source] = yaml<{ datasources: { type: string; url: string }[] }>(
      `${folder}/grafana/provisioning/datasources/prometheus.yml`,
    ).datasources;
    expect(source).toMatchObject({ type: 'prometheus', url: 'http://prometheus:9090' });
    const [provider] = yaml<{ providers: { type: string; options: { path: string } }[] }>(
      `${folder}/grafana/provisioning/dashboards/pushfleet.yml`,
    ).providers;
    expect(services.grafana?.volumes).toContain(`./${dirname(dashboardFile)}:${provider?.options.path}:ro`);
    expect(services.grafana?.volumes).toContain(`./${folder}/grafana/provisioning:/etc/grafana/provisioning:ro`);
    expect(services.prometheus?.volumes).toContain(`./${folder}/prometheus:/etc/prometheus:ro`);
  });

  it('finds each panel of the dashboard once, with a query and a place', () => {
    const { panels, uid } = JSON.parse(read(dashboardFile)) as {
      uid: string;
      panels: { id: number; title: string; gridPos: object; targets: { expr: string }[] }[];
    };
    expect(uid).toBe('pushfleet');
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, targets } of panels) {
      expect(targets.length, title).toBeGreaterThan(0);
      for (const { expr } of targets) expect(expr).toContain('pushfleet_');
    }
  });
});

it('starts both only where they are asked for, at one version, for this host alone', () => {
  const asked = Object.entries(services).filter(([, { profiles }]) => profiles?.includes('observability'));
  expect(asked.map(([name]) => name)).toEqual(['prometheus', 'grafana']);
  for (const [name, { image, ports = [], volumes: mounts = [] }] of asked) {
    expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
    expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
    expect(volumes).toHaveProperty(name);
    expect(mounts.some((mount) => mount.startsWith(`${name}:`))).toBe(true);
  }
  expect(services.grafana?.environment).toMatchObject({
    GF_AUTH_DISABLE_LOGIN_FORM: 'true',
    GF_AUTH_BASIC_ENABLED: 'false',
  });
});
