import { writeFileSync } from 'node:fs';
import type { admin } from '@pushfleet/admin-sdk';
import { parseGroupPath } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { checked, duration, wholeNumber } from '../options/option-values.ts';
import { formatTime } from '../output/format.ts';
import { paintFor, print, printJson, say } from '../output/print.ts';
import { type Column, renderTable } from '../output/table.ts';
import { reservePrivateFile } from '../state/private-file.ts';
import type { CommandContext } from '../stop.ts';

interface CreateFlags {
  group: string;
  count: number;
  ttl: number;
  out?: string;
  json?: true;
}

const [minuteMs, yearMs] = [60_000, 365 * 86_400_000];

const createHelp = `
The token goes into the image of the machines, or to whoever sets them up. Each device shows it once, with an id that
nobody has yet, and gets a secret of its own. An image is made before its device has started for the first time.

Examples:
  $ pushfleet devices enroll-token --group "HQ/Floor 2" --count 30 --ttl 7d --out floor-2.token
  $ pushfleet devices enroll-tokens
  $ pushfleet devices revoke-enroll-token 6f1d2c3b4a596877`;

export function enrollTokenCommand({ environment }: CommandContext): Command {
  return new Command('enroll-token')
    .description('make a token with which new devices register themselves; it is shown once and kept nowhere')
    .requiredOption('-g, --group <path>', 'the group of these devices, which must exist', checked(parseGroupPath))
    .requiredOption('--count <devices>', 'how many may register, at most 100000', wholeNumber())
    .requiredOption('--ttl <duration>', 'until it expires, e.g. 1d; at most 365d', duration(yearMs, minuteMs))
    .option('--out <file>', 'write the token to a new file that only its owner may read, and not to the terminal')
    .option('--json', 'an object {id, group, count, left, createdBy, createdAt, expiresAt, revokedAt, secret}')
    .addHelpText('after', createHelp)
    .action(async ({ group, count, ttl, out, json }: CreateFlags) => {
      using client = openClient(environment);
      // Before there is a token that nobody could ever read.
      if (out !== undefined) reservePrivateFile(out);
      const made = await client.devices.createEnrollmentToken({ group, count, lifetimeMs: ttl });
      if (out !== undefined) writeFileSync(out, `${made.secret}\n`);
      const row = toRow(made.enrollmentToken);
      const shown = out === undefined ? { secret: made.secret } : { file: out };
      if (json) return printJson({ ...row, ...shown });
      const what = `made enrollment token ${row.id} for ${count} devices of ${visibleText(group)}`;
      if (out !== undefined) return print(`${what}; it is in ${out}`);
      say(`${what}; it is not shown again:`);
      print(made.secret);
    });
}

export function enrollTokensCommand({ environment }: CommandContext): Command {
  return new Command('enroll-tokens')
    .description('list the tokens with which new devices register themselves')
    .option('-g, --group <path>', 'only those of this group and its subgroups', checked(parseGroupPath))
    .option('--json', 'an array of {id, group, count, left, createdBy, createdAt, expiresAt, revokedAt}')
    .action(async ({ group, json }: { group?: string; json?: true }) => {
      using client = openClient(environment);
      const rows = (await client.devices.listEnrollmentTokens(group)).map(toRow);
      if (json) return printJson(rows);
      print(rows.length > 0 ? renderTable(columns, rows, paintFor(process.stdout)) : 'There are no enrollment tokens.');
    });
}

export function revokeEnrollTokenCommand({ environment }: CommandContext): Command {
  return new Command('revoke-enroll-token')
    .description('end an enrollment token; devices that have registered with it stay')
    .argument('<enrollment-token>', 'its id')
    .option('--json', 'an object {revoked}')
    .action(async (id: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      await client.devices.revokeEnrollmentToken(id);
      if (json) printJson({ revoked: id });
      else print(`revoked ${visibleText(id)}`);
    });
}

type Row = ReturnType<typeof toRow>;

function toRow(token: admin.EnrollmentToken) {
  const { enrollmentTokenId: id, group, count, left, createdBy, createdAtMs, expiresAtMs, revokedAtMs } = token;
  return {
    ...{ id, group, count, left, createdBy },
    createdAt: new Date(createdAtMs).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
    revokedAt: revokedAtMs === 0 ? null : new Date(revokedAtMs).toISOString(),
  };
}

const columns: Column<Row>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'GROUP', text: ({ group }) => visibleText(group) },
  { title: 'LEFT', text: ({ left, count }) => `${left} of ${count}` },
  { title: 'EXPIRES', text: ({ expiresAt }) => formatTime(Date.parse(expiresAt)) },
  { title: 'REVOKED', text: ({ revokedAt }) => (revokedAt === null ? '' : formatTime(Date.parse(revokedAt))) },
  { title: 'CREATED', text: ({ createdAt }) => formatTime(Date.parse(createdAt)) },
  { title: 'BY', text: ({ createdBy }) => visibleText(createdBy) },
];
