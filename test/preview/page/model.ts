/** What the page reads of a dashboard of the classic model. */
export interface Dashboard {
  readonly title: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly Annotation[] };
}

export interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly transformations?: readonly { readonly id: string; readonly options: object }[];
  readonly options?: object;
  readonly fieldConfig?: object;
  /** Of a row that is folded. */
  readonly panels?: readonly Panel[];
}

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly format?: string;
}

export interface Variable {
  readonly type: string;
  readonly name: string;
  readonly label: string;
  readonly query: string | { readonly query: string };
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly refresh?: number;
  readonly sort?: number;
}

export interface Annotation {
  readonly name: string;
  readonly iconColor: string;
  readonly expr?: string;
  readonly textFormat?: string;
}

/** What the page is asked to draw. */
export interface Order {
  readonly dashboard: Dashboard;
  /** In place of the dashboard's own start: `now-480s`. */
  readonly from?: string;
  /** Variables with one value, by name, in place of the first. */
  readonly choices: Readonly<Record<string, string>>;
  /** Seconds between two scrapes. */
  readonly interval: number;
}

/** What the page tells the one who waits for the picture. */
export interface Progress {
  /** Whether every panel has its data. */
  isDone(): boolean;
  /** What went wrong, by panel. */
  complaints(): readonly string[];
}

declare global {
  interface Window {
    order: Order;
    progress: Progress;
    __grafana_public_path__: string;
  }
}
