import { once } from 'node:events';
import net from 'node:net';

/** A figure of Redis' own INFO. */
export async function redisInfo(url: string, section: string, figure: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port) || 6_379, hostname);
  socket.setEncoding('utf8').write(`INFO ${section}\r\nQUIT\r\n`);
  let answer = '';
  socket.on('data', (text) => {
    answer += text;
  });
  await once(socket, 'close');
  return Number(new RegExp(`^${figure}:([\\d.]+)`, 'm').exec(answer)?.[1]);
}
