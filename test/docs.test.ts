import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { status } from '@grpc/grpc-js';
import {
  CloseReason,
  cancelName,
  commandTopic,
  connackCode,
  ErrorCode,
  operationNames,
  parseCommandId,
  parseDeviceId,
  resultTopic,
} from '@pushfleet/protocol';
import { metrics } from '@pushfleet/runtime';
import { allSettings } from 'pushfleet';
import { describe, expect, it } from 'vitest';
import { metricRows } from './metrics-page.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/**/*.md'], { cwd: root });

/** The proto files that others use; those between balancers and push servers are not among them. */
const protos = globSync('proto/pushfleet/{admin,common,device}/**/*.proto', { cwd: root });

function callsOf(files: readonly string[]): string[] {
  return files.flatMap((file) => [...read(file).matchAll(/^ {2}rpc (\w+)\(/gm)].map(([, name = '']) => name));
}

/** The services, calls, messages and fields of a proto file, in the form that the reference has them. */
function namesOf(file: string): string[] {
  const text = read(file).replaceAll(/\/\/.*$/gm, '');
  const headings = [...text.matchAll(/^(?:service|message|enum) (\w+)/gm)].map(([, name]) => ` ${name}\n`);
  const calls = callsOf([file]).map((name) => `.${name}\n`);
  const members = [...text.matchAll(/^ +(?:[\w.<>, ]+ )?(\w+) = \d+/gm)].map(([, name]) => `| \`${name}\` |`);
  return [...headings, ...calls, ...members];
}

describe('the documentation', () => {
  it('lists every metric as the code has it, and no other', () => {
    const listed = read('docs/metrics.md').match(/^\| (?:name|`pushfleet_|-).*$|^\|---\|---\|---\|---\|---\|$/gm);
    expect(listed?.filter((row) => row.split('|').length === 7)).toEqual(metricRows());
  });

  it('asks for no metric that there is not', () => {
    const known = new Set<string>(Object.values(metrics).map(({ name }) => name));
    const used = [...read('docs/metrics.md').matchAll(/\b(pushfleet_\w+?)(?:_bucket|_sum|_count)?\b(?!\w)/g)];
    expect(used.map(([, name = '']) => name).filter((name) => !known.has(name))).toEqual([]);
    expect(used.length).toBeGreaterThan(known.size);
  });

  it('watches only metrics that there are, in the alerts and on the dashboard', () => {
    const known = Object.values(metrics).map(({ name }): string => name);
    const used = (file: string) => [...read(file).matchAll(/pushfleet_[a-z_]+/g)].map(([name]) => nameOf(name));
    const nameOf = (name: string) => (known.includes(name) ? name : name.replace(/_(bucket|sum|count)$/, ''));
    const [alerts, dashboard] = [
      used('deploy/observability/prometheus/alerts.yml'),
      used('deploy/observability/grafana/dashboards/pushfleet.json'),
    ];
    expect([...alerts, ...dashboard].filter((name) => !known.includes(name))).toEqual([]);
    expect(alerts.length).toBeGreaterThan(10);
    expect(dashboard.length).toBeGreaterThan(30);
    // A label value of which there is none would never match.
    const values = new Set(Object.values(metrics).flatMap((metric): readonly string[] => metric.values));
    const asked = [
      ...(
        read('deploy/observability/prometheus/alerts.yml') +
        read('deploy/observability/grafana/dashboards/pushfleet.json')
      ).matchAll(/[{,]\w+=\\?"(\w+)\\?"/g),
    ];
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.map(([, value = '']) => value).filter((value) => !values.has(value))).toEqual([]);
  });

  it('lists every setting as the code has it, and no other', () => {
    const rows = allSettings.map(({ name, fallback, description }) => {
      return `| \`${name}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${description} |`;
    });
    const listed = read('docs/configuration.md')
      .split('\n')
      .filter((line) => line.startsWith('| `PUSHFLEET_'));
    expect(listed.toSorted()).toEqual(rows.toSorted());
  });

  it('lists every close reason as the code has it', () => {
    const hex = (code: number) => `0x${code.toString(16).padStart(2, '0')}`;
    const rows = Object.entries(CloseReason).map(([name, { mqtt, mqtt3, grpc, retry, text }]) => {
      const connack = `${hex(connackCode(name as CloseReason))} | ${mqtt3 ?? '—'}`;
      return `| \`${name}\` | ${hex(mqtt)} | ${connack} | ${status[grpc]} | ${retry} — ${text} |`;
    });
    expect(read('docs/device-links.md').split('\n')).toEqual(expect.arrayContaining(rows));
  });

  it.each(Object.keys(ErrorCode))('says what the error %s means', (code) => {
    // It is the answer to HTTP paths that do not exist; its status says enough.
    if (code === 'NOT_FOUND') return;
    expect(read('docs/admin-api.md') + read('docs/device-links.md')).toContain(`\`${code}\``);
  });

  it('has every topic that devices meet', () => {
    const page = read('docs/device-links.md');
    const [device, command] = [parseDeviceId('id'), parseCommandId('commandId')];
    const topics = [commandTopic(device, command, 'operation'), resultTopic(device, command)];
    const shown = topics.map((topic) => topic.replace(/\b(id|commandId|operation)\b/g, '{$1}'));
    for (const topic of shown) expect(page).toContain(`\`${topic}\``);
    expect(page).toContain(`\`…/commands/{commandId}/${cancelName}\``);
  });

  it('needs no more than 40 words of its own', () => {
    const [, glossary = ''] = read('docs/architecture.md').split('\n## Glossary\n');
    const rows = glossary.slice(0, glossary.indexOf('\n## ')).match(/^\| (?!word \|)\w.*\|$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.length).toBeLessThanOrEqual(40);
  });

  it('shows the payload of every operation', () => {
    for (const name of Object.values(operationNames)) {
      expect(read('docs/device-links.md')).toMatch(new RegExp(`^\\| \`${name}\` \\| \`\\{`, 'm'));
      expect(read('docs/admin-api.md')).toContain(`| \`${name}\` |`);
    }
  });

  it('speaks of every call of the admin API', () => {
    const calls = callsOf(protos.filter((file) => file.includes('/admin/')));
    expect(calls.length).toBeGreaterThan(30);
    expect(calls.filter((call) => !read('docs/admin-api.md').includes(`\`${call}\``))).toEqual([]);
  });

  it('has every call, message, field and value that others meet in the reference', () => {
    const reference = ['admin', 'common', 'device'].map((page) => read(`docs/reference/${page}-v1.md`)).join();
    const names = protos.flatMap(namesOf);
    expect(names.length).toBeGreaterThan(300);
    expect(names.filter((name) => !reference.includes(name))).toEqual([]);
  });

  it.each(pages)('has no dead links in %s', (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map(([, target = '']) => target);
    const files = targets.filter((target) => !/^[a-z]+:/.test(target));
    const dead = files.filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(dead).toEqual([]);
  });
});
