/** One simulated system of the demo rack: a server on loopback that speaks the real protocol. */
export interface DemoPart {
  /** What stands under `sources: <name>:` in the configuration that watches it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Stops the server; resolves when its port is free again. */
  close(): Promise<void>;
}
