import { describe, expect, it } from 'vitest';
import { parseAdminToken } from './admin-token.ts';

const token = 'a-token-of-tests';
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

describe('parseAdminToken', () => {
  it.each([
    ['bare', Buffer.from(token)],
    ['with a line end', Buffer.from(`${token}\n`)],
    ['with a Windows line end', Buffer.from(`${token}\r\n`)],
    ['with an old Mac line end', Buffer.from(`${token}\rmore`)],
    ['with blanks around it', Buffer.from(` \t${token} \n`)],
    ['with a second line', Buffer.from(`${token}\n# made in May, for the console\n`)],
    ['with a byte order mark', Buffer.from(`\ufeff${token}\n`)],
    ['in UTF-16', utf16(`${token}\r\n`)],
  ])('reads one %s', (_, bytes) => {
    expect(parseAdminToken(bytes, 'token')).toBe(token);
  });

  it.each([
    ['nothing', Buffer.from(''), 'at least 16 characters; it has 0'],
    ['an empty first line', Buffer.from(`\n${token}`), 'at least 16 characters; it has 0'],
    ['a short one', Buffer.from('hunter2'), 'at least 16 characters; it has 7'],
    ['a key', Buffer.from('-----BEGIN PRIVATE KEY-----\nhunter2'), 'is not a token'],
    ['a blank within', Buffer.from('hunter2 and hunter3'), 'is not a token'],
    ['a control character', Buffer.from('hunter2\x1bhunter3xx'), 'is not a token'],
    ['a letter that is none of ASCII', Buffer.from('hünter2-hunter3-hunter4'), 'is not a token'],
    ['Latin-1', Buffer.from('h\u00fcnter2-hunter3-hunter4', 'latin1'), 'UTF-8'],
    ['UTF-16 without a mark', Buffer.from('hunter2-hunter3-hunter4', 'utf16le'), 'UTF-16'],
    ['a zip archive', Buffer.from('PK\x03\x04hunter2-hunter3-hunter4'), 'zip'],
  ])('says what is wrong with %s, and tells none of it', (_, bytes, expected) => {
    const read = () => parseAdminToken(bytes, '/etc/token');
    expect(read).toThrow(expected);
    expect(read).toThrow(/^PUSHFLEET_ADMIN_TOKEN_FILE: .*\/etc\/token/);
    expect(read).not.toThrow(/nter|BEGIN/);
  });
});
