import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** One atomic operation in Redis; its file says what it takes and returns. */
export interface Script {
  name: string;
  source: string;
  /** By which Redis knows it once it has seen the source. */
  sha1: string;
}

const shared = readLua('reservations');

export const scripts = {
  registerNode: loadScript('register-node'),
  beatNode: loadScript('beat-node'),
  retireNode: loadScript('retire-node'),
  listNodes: loadScript('list-nodes'),
  reserve: loadScript('reserve'),
  openSession: loadScript('open-session'),
  closeSession: loadScript('close-session'),
  indexDevice: loadScript('index-device'),
  writeDevice: loadScript('write-device'),
  unindexDevice: loadScript('unindex-device'),
  publishTicketKey: loadScript('publish-ticket-key'),
  listTicketKeys: loadScript('list-ticket-keys'),
} as const;

function loadScript(name: string): Script {
  const source = `${shared}\n${readLua(name)}`;
  return { name, source, sha1: createHash('sha1').update(source).digest('hex') };
}

function readLua(name: string): string {
  return readFileSync(new URL(`../../lua/${name}.lua`, import.meta.url), 'utf8');
}
