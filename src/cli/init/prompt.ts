import { createInterface } from 'node:readline/promises';

export interface Prompt {
  /** An answer, or what is offered when there is none. */
  ask(what: string, offered: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
  close(): void;
}

/** Asks the person at the terminal. */
export function askPerson(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Prompt {
  const lines = createInterface({ input, output });
  return {
    ask: async (what, offered) => (await lines.question(`${what} [${offered}]: `)).trim() || offered,
    confirm: async (question) => /^y(es)?$/i.test((await lines.question(`${question} [y/N]: `)).trim()),
    close: () => lines.close(),
  };
}

/** `--yes`: takes what is offered, and says what was taken for granted. */
export const takeOffered = (output: NodeJS.WritableStream): Prompt => ({
  ask: async (_what, offered) => offered,
  confirm: async (question) => {
    output.write(`${question} Taken for granted (--yes): compare it.\n`);
    return true;
  },
  close: () => undefined,
});
