/** Kinds of things in a running cluster whose ids can be offered. */
export const idKinds = [
  'devices',
  'groups',
  'nodes',
  'distribution-points',
  'group-pushes',
  'tokens',
  'enrollment-tokens',
] as const;
export type IdKind = (typeof idKinds)[number];

/** Values that an option or an argument can have; `free`: nothing that could be offered. */
export type Values =
  | { kind: 'words'; words: readonly string[] }
  | { kind: 'ids'; of: IdKind }
  | { kind: 'files' }
  | { kind: 'free' };

const ids = (of: IdKind): Values => ({ kind: 'ids', of });
const files: Values = { kind: 'files' };
const free: Values = { kind: 'free' };

/** By the long flag of an option; others take what nobody can guess. */
const byFlag: Readonly<Record<string, Values>> = {
  '--device': ids('devices'),
  '--group': ids('groups'),
  '--groups': ids('groups'),
  '--scope': ids('groups'),
  '--caller': ids('tokens'),
  '--file': files,
  '--payload-file': files,
  '--secret-file': files,
  '--out': files,
  '--report': files,
  '--json': files,
  '--html': files,
};

/** By the name of an argument, or, where that means different things, with the command before it. */
const byArgument: Readonly<Record<string, Values>> = {
  device: ids('devices'),
  'device-and-name': ids('devices'),
  node: ids('nodes'),
  path: ids('groups'),
  'new-path': ids('groups'),
  'distribution-point': ids('distribution-points'),
  'distribution-points id': ids('distribution-points'),
  'group-pushes id': ids('group-pushes'),
  'tokens revoke name': ids('tokens'),
  'tokens create name': free,
  'backup file': files,
  'restore file': files,
  'enrollment-token': ids('enrollment-tokens'),
  command: free,
  json: files,
  before: files,
  after: files,
};

/** The values of an option that takes one. */
export function valuesOfOption(long: string, choices: readonly string[] | undefined): Values {
  if (choices) return { kind: 'words', words: choices };
  return byFlag[long] ?? free;
}

/**
 * The values of an argument.
 * @param path The command that takes it, e.g. `tokens revoke`.
 * @throws Error an argument that the table does not know: whoever adds one decides what is offered for it
 */
export function valuesOfArgument(path: string, name: string, choices: readonly string[] | undefined): Values {
  if (choices) return { kind: 'words', words: choices };
  const [group = ''] = path.split(' ');
  const values = byArgument[`${path} ${name}`] ?? byArgument[`${group} ${name}`] ?? byArgument[name];
  if (!values) throw new Error(`completion knows no values for <${name}> of \`pushfleet ${path}\``);
  return values;
}
