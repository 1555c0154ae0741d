import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { RunCommand } from './commands.ts';

interface RmcpUser {
  readonly name: string;
  readonly password: string;
  /** Highest privilege: 2 USER, 3 OPERATOR, 4 ADMINISTRATOR. */
  readonly privilege: number;
}

export interface RmcpServerOptions {
  readonly users: readonly RmcpUser[];
  readonly run: RunCommand;
  readonly guid: Buffer;
  /** Authentication algorithms on offer: 1 SHA-1 (suite 3), 3 SHA-256 (suite 17). */
  readonly algorithms: readonly number[];
  readonly bmcKey?: string;
  readonly sessionLimit?: number;
  /** Completion code that refuses every change of a session's level, as BMCs do that check a user's limit only then. */
  readonly levelRefusal?: number;
  /** Computes codes over the level alone, as some boards do whatever role they were sent. */
  readonly hashesLevelOnly?: boolean;
  readonly idleMs?: number;
  readonly now?: () => number;
}

interface ServerSession {
  readonly id: number;
  readonly consoleId: number;
  readonly algorithm: number;
  /** What the console sent in RAKP 1, and what we answered. */
  consoleRandom: Buffer;
  bmcRandom: Buffer;
  tail: Buffer;
  password: Buffer;
  /** What RAKP 1 asked for; the session itself begins at USER. */
  maximum: number;
  privilege: number;
  signingKey: Buffer | undefined;
  cipherKey: Buffer;
  sequence: number;
  lastUse: number;
}

const hashes: Readonly<Record<number, { name: string; cut: number }>> = {
  1: { name: 'sha1', cut: 12 },
  3: { name: 'sha256', cut: 16 },
};

const le32 = (value: number): Buffer => Buffer.from(new Uint32Array([value]).buffer);
const padded = (text: string): Buffer => Buffer.concat([Buffer.from(text), Buffer.alloc(20)], 20);

/** The BMC's side of RMCP+ (IPMI 2.0 §13), as far as a monitor needs it. It answers a datagram or stays silent. */
export class RmcpServer {
  readonly #options: RmcpServerOptions;
  readonly #sessions = new Map<number, ServerSession>();
  #lastId = 0x4400;

  constructor(options: RmcpServerOptions) {
    this.#options = options;
  }

  /** Sessions that are open, or on the way to it. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Forgets every session, as a restart does. */
  restart(): void {
    this.#sessions.clear();
  }

  /** The answer, or undefined: real BMCs do not answer what they do not like. */
  answer(datagram: Buffer): Buffer | undefined {
    if (datagram.length < 16 || datagram[0] !== 6 || datagram[3] !== 7) return undefined;
    if (datagram[4] === 0) return this.#answerSessionless(datagram.subarray(14));
    if (datagram[4] !== 6) return undefined;
    const payload = datagram.subarray(16, 16 + datagram.readUInt16LE(14));
    const type = (datagram[5] as number) & 0x3f;
    if (type === 0x10 && payload.length >= 32) return setup(0x11, this.#openSession(payload));
    if (type === 0x12 && payload.length >= 28) return setup(0x13, this.#rakp2(payload));
    if (type === 0x14 && payload.length >= 8) return setup(0x15, this.#rakp4(payload));
    return type === 0 ? this.#answerInSession(datagram, payload) : undefined;
  }

  #answerSessionless(message: Buffer): Buffer | undefined {
    const [netFn, command] = [(message[1] ?? 0) >> 2, message[5]];
    if (netFn !== 6) return undefined;
    let data: number[] = [0xc1];
    if (command === 0x38) data = [0, 1, 0x80, 0x04, 0x02, 0, 0, 0, 0];
    if (command === 0x54) data = [0, 1, ...this.#options.algorithms.flatMap((algorithm) => suiteRecord(algorithm))];
    const response = respond(message, data);
    return Buffer.concat([Buffer.from([6, 0, 0xff, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, response.length]), response]);
  }

  #openSession(payload: Buffer): Buffer {
    const [tag, consoleId] = [payload[0] as number, payload.readUInt32LE(4)];
    const algorithm = payload[12] as number;
    this.#expire();
    if (!this.#options.algorithms.includes(algorithm)) return Buffer.from([tag, 0x04]);
    if (payload[20] !== (algorithm === 1 ? 1 : 4)) return Buffer.from([tag, 0x05]);
    if (payload[28] !== 1) return Buffer.from([tag, 0x10]);
    if (this.#sessions.size >= (this.#options.sessionLimit ?? 63)) return Buffer.from([tag, 0x01]);
    const id = ++this.#lastId;
    const none = Buffer.alloc(0);
    const keys = {
      consoleRandom: none,
      bmcRandom: none,
      tail: none,
      password: none,
      signingKey: undefined,
      cipherKey: none,
    };
    this.#sessions.set(id, {
      id,
      consoleId,
      algorithm,
      ...keys,
      maximum: 0,
      privilege: 2,
      sequence: 0,
      lastUse: this.#now(),
    });
    return Buffer.concat([Buffer.from([tag, 0, 4, 0]), le32(consoleId), le32(id), payload.subarray(8, 32)]);
  }

  #rakp2(payload: Buffer): Buffer {
    const tag = payload[0] as number;
    const session = this.#sessions.get(payload.readUInt32LE(4));
    if (!session) return Buffer.from([tag, 0x02]);
    const name = payload.subarray(28, 28 + (payload[27] as number)).toString('latin1');
    const user = this.#options.users.find((candidate) => candidate.name === name);
    const role = payload[24] as number;
    if (!user || (role & 0x0f) > user.privilege) {
      this.#sessions.delete(session.id);
      return Buffer.from([tag, user ? 0x09 : 0x0d]);
    }
    session.consoleRandom = Buffer.from(payload.subarray(8, 24));
    session.bmcRandom = randomBytes(16);
    const hashed = this.#options.hashesLevelOnly ? role & 0x0f : role;
    session.tail = Buffer.concat([Buffer.from([hashed, name.length]), Buffer.from(name, 'latin1')]);
    session.password = padded(user.password);
    session.maximum = role & 0x0f;
    const { bmcRandom, consoleId, consoleRandom, id, tail } = session;
    const { guid } = this.#options;
    const code = digest(session, session.password, le32(consoleId), le32(id), consoleRandom, bmcRandom, guid, tail);
    return Buffer.concat([Buffer.from([tag, 0, 0, 0]), le32(consoleId), bmcRandom, guid, code]);
  }

  #rakp4(payload: Buffer): Buffer {
    const tag = payload[0] as number;
    const session = this.#sessions.get(payload.readUInt32LE(4));
    if (!session) return Buffer.from([tag, 0x02]);
    const { bmcRandom, consoleId, consoleRandom, id, password, tail } = session;
    if (!payload.subarray(8).equals(digest(session, password, bmcRandom, le32(consoleId), tail))) {
      this.#sessions.delete(id);
      return Buffer.from([tag, 0x0f]);
    }
    const { bmcKey, guid } = this.#options;
    const sik = digest(session, bmcKey === undefined ? password : padded(bmcKey), consoleRandom, bmcRandom, tail);
    session.signingKey = digest(session, sik, Buffer.alloc(20, 1));
    session.cipherKey = digest(session, sik, Buffer.alloc(20, 2)).subarray(0, 16);
    const check = digest(session, sik, consoleRandom, le32(id), guid).subarray(0, hash(session).cut);
    return Buffer.concat([Buffer.from([tag, 0, 0, 0]), le32(consoleId), check]);
  }

  #answerInSession(datagram: Buffer, payload: Buffer): Buffer | undefined {
    this.#expire();
    const session = this.#sessions.get(datagram.readUInt32LE(6));
    if (!session?.signingKey || payload.length < 32) return undefined;
    const codeAt = datagram.length - hash(session).cut;
    const wanted = digest(session, session.signingKey, datagram.subarray(4, codeAt)).subarray(0, hash(session).cut);
    if (!datagram.subarray(codeAt).equals(wanted)) return undefined;
    session.lastUse = this.#now();
    const message = decrypt(session.cipherKey, payload);
    const [netFn, command] = [(message[1] as number) >> 2, message[5] as number];
    const data = message.subarray(6, -1);
    const closes = netFn === 6 && command === 0x3c;
    if (closes) this.#sessions.delete(session.id);
    const result = closes ? [0] : this.#run(session, netFn, command, data);
    return sign(session, respond(message, result));
  }

  /** Set Session Privilege Level belongs to the session (§22.18), all else to the board. */
  #run(session: ServerSession, netFn: number, command: number, data: Buffer): number[] {
    if (netFn !== 6 || command !== 0x3b) return this.#options.run(netFn, command, data, session.privilege);
    const level = data[0] ?? 0;
    if (this.#options.levelRefusal !== undefined) return [this.#options.levelRefusal];
    if (level > session.maximum) return [0x81];
    if (level !== 0) session.privilege = level;
    return [0, session.privilege];
  }

  #expire(): void {
    const oldest = this.#now() - (this.#options.idleMs ?? 60_000);
    for (const session of this.#sessions.values()) if (session.lastUse < oldest) this.#sessions.delete(session.id);
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }
}

const hash = ({ algorithm }: ServerSession) => hashes[algorithm] as { name: string; cut: number };

function digest(session: ServerSession, key: Buffer, ...parts: Buffer[]): Buffer {
  return createHmac(hash(session).name, key).update(Buffer.concat(parts)).digest();
}

const suiteRecord = (algorithm: number): number[] =>
  algorithm === 3 ? [0xc0, 17, 0x03, 0x44, 0x81] : [0xc0, 3, 0x01, 0x41, 0x81];

function setup(type: number, payload: Buffer): Buffer {
  const header = Buffer.from([6, 0, 0xff, 7, 6, type, 0, 0, 0, 0, 0, 0, 0, 0, payload.length, 0]);
  return Buffer.concat([header, payload]);
}

function respond(request: Buffer, data: readonly number[]): Buffer {
  const sum = (bytes: readonly number[]): number => -bytes.reduce((total, byte) => total + byte, 0) & 0xff;
  const head = [request[3] as number, ((request[1] as number) & 0xfc) + 4];
  const body = [request[0] as number, request[4] as number, request[5] as number, ...data];
  return Buffer.from([...head, sum(head), ...body, sum(body)]);
}

function decrypt(key: Buffer, payload: Buffer): Buffer {
  const cipher = createDecipheriv('aes-128-cbc', key, payload.subarray(0, 16)).setAutoPadding(false);
  const plain = cipher.update(payload.subarray(16));
  return plain.subarray(0, plain.length - 1 - (plain.at(-1) as number));
}

function sign(session: ServerSession, message: Buffer): Buffer {
  const fill = (16 - ((message.length + 1) % 16)) % 16;
  const plain = Buffer.concat([
    message,
    Buffer.from(Array.from({ length: fill }, (_, i) => i + 1)),
    Buffer.from([fill]),
  ]);
  const iv = randomBytes(16);
  const payload = Buffer.concat([
    iv,
    createCipheriv('aes-128-cbc', session.cipherKey, iv).setAutoPadding(false).update(plain),
  ]);
  session.sequence++;
  const head = Buffer.concat([
    Buffer.from([6, 0xc0]),
    le32(session.consoleId),
    le32(session.sequence),
    Buffer.from([payload.length & 0xff, payload.length >> 8]),
  ]);
  // 12 bytes of header and a payload of whole blocks: two bytes of padding make it a multiple of four.
  const signed = Buffer.concat([head, payload, Buffer.from([0xff, 0xff, 2, 7])]);
  const code = digest(session, session.signingKey as Buffer, signed).subarray(0, hash(session).cut);
  return Buffer.concat([Buffer.from([6, 0, 0xff, 7]), signed, code]);
}
