import { type Play, play } from './scenario.ts';
import { chapters, findScenario } from './scenarios/index.ts';
import type { RackState } from './state.ts';

/** What a person can do to the rack while it is watched: play one story at a time, and put all in order. */
export class Stage {
  readonly chapters = chapters;
  readonly #state: RackState;
  readonly #tell: (line: string) => void;
  #play: Play | undefined;

  constructor(state: RackState, tell: (line: string) => void = () => undefined) {
    this.#state = state;
    this.#tell = tell;
  }

  /** The story that is, or was last, told. */
  get playing(): Play | undefined {
    return this.#play;
  }

  /** Puts the rack in order and begins a story. Throws for a name that is not there. */
  play(name: string): Play {
    const scenario = findScenario(name);
    this.mend();
    this.#tell(`scenario ${name}: ${scenario.help}`);
    this.#play = play(this.#state, scenario, this.#tell);
    return this.#play;
  }

  /** Ends the story, and puts the rack in order. */
  mend(): void {
    this.#play?.stop();
    this.#play = undefined;
    this.#state.mendAll();
  }

  close(): void {
    this.#play?.stop();
  }
}
