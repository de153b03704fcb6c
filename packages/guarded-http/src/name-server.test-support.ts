/** A name server for tests on 127.0.0.1 (RFC 1035), which answers as the test says. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { onTestFinished } from 'vitest';

export interface NameServer {
  /** `address:port`. */
  readonly server: string;
  /** Names that were asked for, in order, each with `A` or `AAAA`. */
  readonly asked: readonly string[];
}

/** Addresses of both families; `unknown`: there is no such name; `silent`: no answer ever. */
export type NameAnswer = readonly string[] | 'unknown' | 'silent';

/** Closed when the test ends. `answer` is asked for each question. */
export async function startNameServer(answer: (question: string) => NameAnswer): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const { name, end, ipv6 } = questionOf(query);
    const question = `${name} ${ipv6 ? 'AAAA' : 'A'}`;
    asked.push(question);
    const said = answer(question);
    if (said === 'silent') return;
    const addresses = said === 'unknown' ? [] : said.filter((one) => isIPv4(one) !== ipv6);
    const head = Buffer.from(query.subarray(0, 12));
    // An answer, recursion available; code 3: no such name. One question, no authority, nothing more.
    head.writeUInt16BE(said === 'unknown' ? 0x81_83 : 0x81_80, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(addresses.length, 6);
    head.writeUInt32BE(0, 8);
    const records = addresses.map((one) => {
      const bytes = Buffer.from(ipaddr.parse(one).toByteArray());
      // The name of the question, its type, class IN, to be kept for 0 seconds.
      return Buffer.concat([
        Buffer.from([0xc0, 12, 0, ipv6 ? 28 : 1, 0, 1, 0, 0, 0, 0, 0, bytes.length]),
        bytes,
      ]);
    });
    socket.send(Buffer.concat([head, query.subarray(12, end), ...records]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return { server: `127.0.0.1:${socket.address().port}`, asked };
}

function questionOf(query: Buffer): { name: string; end: number; ipv6: boolean } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 5, ipv6: query.readUInt16BE(at + 1) === 28 };
}
