import { readSettings } from '@pushfleet/runtime';
import { Command, InvalidArgumentError } from 'commander';
import { connectionSettings, openClient } from '../connection/open-client.ts';
import { formatTimeOfDay } from '../output/format.ts';
import { print, printJson, say } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import { consoleOrigin, signInLink } from './sign-in-link.ts';

const help = `
The link signs the browser in with the role and scope of the API token that this program uses. It is good once, for five
minutes, at any balancer. On this machine it is plain HTTP; elsewhere HTTPS, with the balancer's certificate.

Examples:
  $ pushfleet console
  $ pushfleet console --url https://push.example.com     # where a proxy or another port leads to the console
  $ PUSHFLEET_ADMIN_TOKEN_FILE=night-shift.token pushfleet console`;

export function consoleCommand({ environment }: CommandContext): Command {
  return new Command('console')
    .description('sign a browser in to the console: prints a link that is good once')
    .option('--url <origin>', 'where the console is; default: the REST port of the balancer that answers', parseOrigin)
    .option('--json', 'an object {url, expiresAt}')
    .addHelpText('after', help)
    .action(async ({ url, json }: { url?: string; json?: true }) => {
      const [address = ''] = readSettings(connectionSettings, environment).adminAddress;
      using client = openClient(environment);
      const { code, expiresAtMs, restPort } = await client.tokens.createSignInCode();
      const link = signInLink(url ?? consoleOrigin(address, restPort), code);
      if (json) return printJson({ url: link, expiresAt: new Date(expiresAtMs).toISOString() });
      say(`Good once, until ${formatTimeOfDay(expiresAtMs)}:`);
      print(link);
    });
}

/** @throws InvalidArgumentError */
function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href) return url.origin;
  throw new InvalidArgumentError('It must be http:// or https://, a host, and perhaps a port.');
}
