import { writeFileSync } from 'node:fs';
import type { admin } from '@pushfleet/admin-sdk';
import { parseGroupPath, parseRole, type Role, roles } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { type ShowFlags, showEvents } from '../events/show-events.ts';
import { checked, duration, enumeration, wholeNumber } from '../options/option-values.ts';
import { formatTime, formatTimeOfDay } from '../output/format.ts';
import { paintFor, print, printJson, say } from '../output/print.ts';
import { type Column, renderTable } from '../output/table.ts';
import { reservePrivateFile } from '../state/private-file.ts';
import type { CommandContext } from '../stop.ts';

const help = `
Roles: viewer (sees), operator (also pushes commands, disconnects devices, opens tunnels), admin (also changes groups,
devices, distribution points, push servers and tokens). A token with a scope is good for what is at or below a group.
The token in the balancers' PUSHFLEET_ADMIN_TOKEN_FILE is the first admin, named root. Without a command, they are listed.

Examples:
  $ pushfleet tokens create sync-job --role operator --lifetime 90d --out sync-job.token
  $ pushfleet tokens create "night shift" --role operator --scope "HQ/Floor 2"
  $ PUSHFLEET_ADMIN_TOKEN_FILE=sync-job.token pushfleet tokens own
  $ pushfleet tokens audit --caller sync-job
  $ pushfleet tokens revoke sync-job`;

export function tokensCommand(context: CommandContext): Command {
  return new Command('tokens')
    .description('list, create and revoke API tokens: who may do what')
    .usage('[command] [options]')
    .helpCommand(false)
    .addCommand(listCommand(context), { isDefault: true })
    .addCommand(createCommand(context))
    .addCommand(revokeCommand(context))
    .addCommand(ownCommand(context))
    .addCommand(auditCommand(context))
    .addHelpText('after', help);
}

function listCommand({ environment }: CommandContext): Command {
  return new Command('list')
    .description('list all API tokens (default)')
    .option('--json', 'an array of {name, role, scope, createdBy, createdAt, expiresAt}')
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      const rows = (await client.tokens.list()).map(toRow);
      if (json) printJson(rows);
      else
        print(
          rows.length > 0 ? renderTable(columns, rows, paintFor(process.stdout)) : 'There are no API tokens but root.',
        );
    });
}

interface CreateFlags {
  role: Role;
  scope?: string;
  lifetime?: number;
  out?: string;
  json?: true;
}

const [minuteMs, tenYearsMs] = [60_000, 10 * 365 * 86_400_000];

function createCommand({ environment }: CommandContext): Command {
  return new Command('create')
    .description('make an API token; it is shown once and kept nowhere')
    .argument('<name>', 'names the token')
    .addOption(
      enumeration('--role <role>', 'what it may do; see above', roles, checked(parseRole)).makeOptionMandatory(),
    )
    .option('--scope <group>', 'only what is at or below this group', checked(parseGroupPath))
    .option('--lifetime <duration>', 'until it expires, e.g. 90d', duration(tenYearsMs, minuteMs))
    .option('--out <file>', 'write the token to a new file that only its owner may read, and not to the terminal')
    .option('--json', 'an object {name, role, scope, createdBy, createdAt, expiresAt, secret}')
    .action(async (name: string, { role, scope, lifetime, out, json }: CreateFlags) => {
      using client = openClient(environment);
      // Before there is a token that nobody could ever read.
      if (out !== undefined) reservePrivateFile(out);
      const { apiToken, secret } = await client.tokens.create({
        ...{ name, role },
        ...(scope === undefined ? {} : { scope }),
        ...(lifetime === undefined ? {} : { lifetimeMs: lifetime }),
      });
      if (out !== undefined) writeFileSync(out, `${secret}\n`);
      const shown = out === undefined ? { secret } : { file: out };
      if (json) return printJson({ ...toRow(apiToken), ...shown });
      if (out !== undefined) return print(`made API token "${visibleText(name)}"; it is in ${out}`);
      say(`made API token "${visibleText(name)}"; it is not shown again:`);
      print(secret);
    });
}

function revokeCommand({ environment }: CommandContext): Command {
  return new Command('revoke')
    .description('end an API token, within two seconds at every balancer')
    .argument('<name>', 'the token')
    .option('--json', 'an object {revoked}')
    .action(async (name: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      await client.tokens.revoke(name);
      if (json) printJson({ revoked: name });
      else print(`revoked ${visibleText(name)}`);
    });
}

function ownCommand({ environment }: CommandContext): Command {
  return new Command('own')
    .description('show what the token that this program uses may do')
    .option('--json', 'an object {name, role, scope, createdBy, createdAt, expiresAt}')
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      const row = toRow(await client.tokens.own());
      if (json) printJson(row);
      else print(renderTable(columns, [row], paintFor(process.stdout)));
    });
}

function auditCommand({ environment, stop }: CommandContext): Command {
  return new Command('audit')
    .description('show who does what by the admin API, as it happens')
    .option('--caller <token>', 'only what the token of this name does')
    .option('--count <events>', 'end after so many', wholeNumber())
    .option('--json', 'one JSON object per line')
    .action(async ({ caller = '', ...flags }: AuditFlags) => {
      using client = openClient(environment);
      await showEvents(stop, (signal) => client.events.watchAudit({ caller }, { signal }), describeDeed, flags);
    });
}

interface AuditFlags extends ShowFlags {
  caller?: string;
}

/** `12:30:05.120  root  CommandService/Push  device laptop-17  force_sync  SUCCEEDED`, what there is of it. */
function describeDeed({ atMs, caller, method, target, operation, outcome, count }: admin.AuditEvent): string {
  const name = method.replace('pushfleet.admin.v1.', '');
  const parts = [formatTimeOfDay(atMs), caller, name, target, operation, outcome, count > 1 ? `${count} times` : ''];
  return visibleText(parts.filter((part) => part !== '').join('  '));
}

type TokenRow = ReturnType<typeof toRow>;

function toRow({ name, role, scope, createdBy, createdAtMs, expiresAtMs }: admin.ApiToken) {
  return {
    name,
    role: String(role).replace('ROLE_', '').toLowerCase(),
    scope: scope === '' ? null : scope,
    createdBy: createdBy === '' ? null : createdBy,
    createdAt: createdAtMs === 0 ? null : new Date(createdAtMs).toISOString(),
    expiresAt: expiresAtMs === 0 ? null : new Date(expiresAtMs).toISOString(),
  };
}

function timeText(time: string | null, otherwise: string): string {
  return time === null ? otherwise : formatTime(Date.parse(time));
}

const columns: Column<TokenRow>[] = [
  { title: 'NAME', text: ({ name }) => visibleText(name) },
  { title: 'ROLE', text: ({ role }) => role },
  { title: 'SCOPE', text: ({ scope }) => visibleText(scope ?? 'the fleet') },
  { title: 'EXPIRES', text: ({ expiresAt }) => timeText(expiresAt, 'never') },
  { title: 'CREATED', text: ({ createdAt }) => timeText(createdAt, '') },
  { title: 'BY', text: ({ createdBy }) => visibleText(createdBy ?? '') },
];
