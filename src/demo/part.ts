/** One simulated system of the demo rack: a server on loopback that speaks the real protocol. */
export interface DemoPart {
  /** What stands under `sources: <name>:` in the configuration that watches it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What stands under `insights:` there, for what cannot be found out on one loopback address. */
  readonly insights?: Readonly<Record<string, object>>;
  /** Stops the server; resolves when its port is free again. */
  close(): Promise<void>;
}
