import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

interface Frame {
  /** 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  readonly final?: boolean;
}

/** A frame as a server sends it, not masked. https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
export function frame({ final = true, opcode, payload = '' }: Frame): Buffer {
  const body = Buffer.from(payload as string);
  const start = (final ? 128 : 0) + opcode;
  if (body.length < 126) return Buffer.concat([Buffer.of(start, body.length), body]);
  if (body.length < 65536) return Buffer.concat([Buffer.of(start, 126, body.length >> 8, body.length & 255), body]);
  const length = Buffer.alloc(8);
  length.writeUInt32BE(body.length, 4);
  return Buffer.concat([Buffer.of(start, 127), length, body]);
}

export const acceptWebSocket = (request: IncomingMessage, socket: Duplex, key?: string): boolean => {
  const given = `${key ?? request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(given).digest('base64');
  return socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
};

/** What LXD says instead of opening a WebSocket. */
export function refusal(status: number, error = 'not authorized'): string {
  const body = JSON.stringify({ type: 'error', status: '', status_code: 0, error_code: status, error, metadata: null });
  return `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
}

/** The control frames that a client has sent, by opcode and payload; every one of them has to be masked. */
export function clientFrames(bytes: Buffer): { readonly opcode: number; readonly payload: Buffer }[] {
  const frames = [];
  for (let at = 0; at < bytes.length; ) {
    const length = (bytes[at + 1] ?? 0) - 128;
    if (length < 0 || length > 125) throw new Error('not a masked control frame');
    const mask = bytes.subarray(at + 2, at + 6);
    const payload = bytes.subarray(at + 6, at + 6 + length).map((byte, index) => byte ^ (mask[index & 3] ?? 0));
    frames.push({ opcode: (bytes[at] ?? 0) & 15, payload: Buffer.from(payload) });
    at += 6 + length;
  }
  return frames;
}
