// Writes docs/reference/*.md from the comments in proto/: every call, message, field and enum value.
import { commentsOf } from './proto-comments.ts';
import type { Field, Message, ProtoFile } from './proto-image.ts';

/** Which packages go on which page. */
const pages = [
  { file: 'admin-v1.md', title: 'Reference: the admin API', packages: ['pushfleet.admin.v1'] },
  { file: 'device-v1.md', title: 'Reference: what devices speak', packages: ['pushfleet.device.v1'] },
  { file: 'common-v1.md', title: 'Reference: what both share', packages: ['pushfleet.common.v1'] },
];

/** @returns The pages by their file names in docs/reference/. */
export function renderReference(files: readonly ProtoFile[]): Map<string, string> {
  return new Map(
    pages.map(({ file, title, packages }) => {
      const members = files.filter((one) => packages.includes(one.package)).sort((a, b) => (a.name < b.name ? -1 : 1));
      return [file, `${[`# ${title}`, intro(packages), ...members.flatMap(renderFile)].join('\n\n')}\n`];
    }),
  );
}

function intro(packages: string[]): string {
  return `Made from the comments in [proto/](../../proto) by \`npm run generate\`. Package \`${packages.join('`, `')}\`.`;
}

function renderFile(file: ProtoFile): string[] {
  const comments = commentsOf(file);
  const say = (name: string) => comments.get(`${file.package}.${name}`) ?? '';
  return [
    ...(file.service ?? []).flatMap(({ name, method = [] }) => [
      `## ${name}`,
      ...paragraphs(say(name)),
      ...method.flatMap((one) => [
        `### ${name}.${one.name}`,
        `\`${one.name}(${stream(one.clientStreaming)}${short(one.inputType)}) → ${stream(one.serverStreaming)}${short(one.outputType)}\``,
        ...paragraphs(say(`${name}.${one.name}`)),
      ]),
    ]),
    ...(file.messageType ?? []).flatMap((message) => [
      `### ${message.name}`,
      ...paragraphs(say(message.name)),
      ...table(message, (field) => say(`${message.name}.${field}`)),
    ]),
    ...(file.enumType ?? []).flatMap((one) => [
      `### ${one.name}`,
      ...paragraphs(say(one.name)),
      rows(
        ['value', ''],
        one.value.map(({ name }) => [`\`${name}\``, say(`${one.name}.${name}`)]),
      ),
    ]),
  ];
}

function table(message: Message, say: (field: string) => string): string[] {
  const fields = message.field ?? [];
  if (fields.length === 0) return ['No fields.'];
  return [
    rows(
      ['field', 'type', ''],
      fields.map((field) => [
        `\`${field.name}\``,
        typeOf(message, field),
        [oneOf(message, field), say(field.name)].join(''),
      ]),
    ),
  ];
}

function oneOf({ oneofDecl }: Message, { oneofIndex }: Field): string {
  return oneofIndex === undefined ? '' : `(one of \`${oneofDecl?.[oneofIndex]?.name}\`) `;
}

function typeOf({ nestedType = [] }: Message, field: Field): string {
  const entry = nestedType.find(({ name, options }) => options?.mapEntry && field.typeName?.endsWith(`.${name}`));
  if (entry) return `map of ${entry.field.map((one) => scalar(one)).join(' to ')}`;
  const repeated = field.label === 'LABEL_REPEATED' ? 'repeated ' : '';
  return `${repeated}${scalar(field)}`;
}

function scalar({ type, typeName }: Field): string {
  return typeName ? short(typeName) : type.replace('TYPE_', '').toLowerCase();
}

function short(typeName: string): string {
  return typeName.split('.').at(-1) ?? typeName;
}

function stream(streaming: boolean | undefined): string {
  return streaming ? 'stream ' : '';
}

function paragraphs(comment: string): string[] {
  return comment
    .split('\n\n')
    .filter(Boolean)
    .map((text) => (/^[A-Z_]{5,} {2,}/m.test(text) ? fenced(text) : text));
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

function rows(head: string[], body: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('\n', ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...body.map(line)].join('\n');
}
