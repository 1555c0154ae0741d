import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  readonly at: number;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Whether the connection was encrypted and the sender had logged in. */
  readonly secure: boolean;
  readonly user: string;
}

export interface Page {
  readonly at: number;
  readonly routing_key: string;
  readonly event_action: 'trigger' | 'resolve';
  readonly dedup_key: string;
  readonly payload: {
    readonly summary: string;
    readonly severity: string;
    readonly class: string;
    readonly component: string;
    readonly custom_details: Readonly<Record<string, string>>;
  };
  readonly links?: readonly { readonly href: string; readonly text: string }[];
}

/** What people and services get: a mail server that insists on STARTTLS and a login, and a stub of a pager's API. */
export interface Inbox {
  readonly smtpPort: number;
  readonly httpPort: number;
  readonly mails: readonly Mail[];
  readonly pages: readonly Page[];
  /** Requests at `/ping`, the dead man's switch. */
  readonly pings: () => number;
  /** The pager answers 503 so many times before it takes the next event. */
  refuse(times: number): void;
  readonly refused: () => number;
  close(): Promise<void>;
}

interface Options {
  readonly certificate: string;
  readonly key: string;
  readonly user: string;
  readonly password: string;
}

export async function openInbox(options: Options): Promise<Inbox> {
  const mails: Mail[] = [];
  const pages: Page[] = [];
  let pings = 0;
  let toRefuse = 0;
  let refused = 0;
  const smtp = mailServer(options, mails);
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/ping') pings++;
      else if (toRefuse > 0) {
        toRefuse--;
        refused++;
        response.statusCode = 503;
      } else {
        const event = JSON.parse(Buffer.concat(chunks).toString()) as Omit<Page, 'at'>;
        pages.push({ ...event, at: Date.now() });
        response.statusCode = 202;
        response.setHeader('content-type', 'application/json');
        response.write(JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: event.dedup_key }));
      }
      response.end();
    });
  });
  const smtpPort = await listen(smtp.server as unknown as Server);
  const httpPort = await listen(http);
  return {
    ...{ smtpPort, httpPort, mails, pages },
    pings: () => pings,
    refuse: (times) => {
      toRefuse = times;
    },
    refused: () => refused,
    close: async () => {
      http.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => http.close(() => resolve())),
        new Promise<void>((resolve) => smtp.close(resolve)),
      ]);
    },
  };
}

function mailServer({ certificate, key, password, user }: Options, mails: Mail[]): SMTPServer {
  return new SMTPServer({
    cert: certificate,
    key,
    authOptional: false,
    onAuth: (auth, session, done) => {
      const isRight = session.secure && auth.username === user && auth.password === password;
      done(isRight ? null : new Error('wrong login'), isRight ? { user: auth.username } : undefined);
    },
    onData: (stream, session, done) => {
      simpleParser(stream)
        .then((mail) => {
          mails.push({
            at: Date.now(),
            to: session.envelope.rcptTo.map(({ address }) => address).join(),
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            html: mail.html || '',
            secure: session.secure,
            user: String(session.user ?? ''),
          });
          done();
        })
        .catch(done);
    },
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
