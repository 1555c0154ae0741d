import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** https://www.rfc-editor.org/rfc/rfc6455 */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 0x81;
const CLOSE = 0x88;
const PING = 0x89;
const PONG = 0x8a;
/** Frames of a client are at least so long: kind, length and mask. */
const HEAD_BYTES = 6;

/**
 * A WebSocket on which the server talks and the client answers with control frames only.
 * @returns how to send a text
 */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex): (text: string) => void {
  const key = `${request.headers['sec-websocket-key'] ?? ''}${ACCEPT_SUFFIX}`;
  const accept = createHash('sha1').update(key).digest('base64');
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write(`${[...head, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`);
  let held: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    held = answerFrames(Buffer.concat([held, chunk]), socket);
  });
  return (text) => socket.write(encode(TEXT, Buffer.from(text)));
}

/** Answers what is whole, and gives back the rest. */
function answerFrames(bytes: Buffer, socket: Duplex): Buffer {
  let at = 0;
  while (bytes.length - at >= HEAD_BYTES) {
    const length = (bytes[at + 1] ?? 0) & 0x7f;
    // No control frame is longer, and no data is expected.
    if (length > 125) {
      socket.destroy();
      return Buffer.alloc(0);
    }
    const end = at + HEAD_BYTES + length;
    if (bytes.length < end) break;
    const mask = bytes.subarray(at + 2, at + HEAD_BYTES);
    const payload = bytes.subarray(at + HEAD_BYTES, end).map((byte, index) => byte ^ (mask[index % 4] as number));
    if (bytes[at] === PING) socket.write(encode(PONG, Buffer.from(payload)));
    if (bytes[at] === CLOSE) socket.end(encode(CLOSE, Buffer.from(payload)));
    at = end;
  }
  return bytes.subarray(at);
}

function encode(kind: number, payload: Buffer): Buffer {
  if (payload.length < 126) return Buffer.concat([Buffer.from([kind, payload.length]), payload]);
  const head = Buffer.from([kind, 126, 0, 0]);
  head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
