import type { RackState } from './state.ts';

/** What happens to the rack, one step after the other. */
export interface Scenario {
  /** As on the command line: `psu-fails`. */
  readonly name: string;
  /** One sentence for people. */
  readonly help: string;
  readonly steps: readonly Step[];
}

/** Scenarios of one part of the cluster. */
export interface Chapter {
  readonly title: string;
  readonly scenarios: readonly Scenario[];
}

export interface Step {
  /** After the step before, at speed 1. */
  readonly afterSeconds: number;
  /** What happens, in the present tense. */
  readonly say: string;
  act(state: RackState): void;
}

export interface Play {
  readonly scenario: Scenario;
  /** What has happened so far. */
  readonly told: readonly { readonly at: number; readonly say: string }[];
  /** Resolves when the last step is done, or the play is stopped. */
  readonly ended: Promise<void>;
  /** Leaves the rack as it is. */
  stop(): void;
}

/** Plays a scenario on the rack, `state.speed` times faster than written. */
export function play(state: RackState, scenario: Scenario, tell: (say: string) => void = () => undefined): Play {
  const told: { at: number; say: string }[] = [];
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let timer: NodeJS.Timeout | undefined;
  const next = (index: number) => {
    const step = scenario.steps[index];
    if (!step) return end();
    timer = setTimeout(
      () => {
        step.act(state);
        told.push({ at: state.clock.now(), say: step.say });
        tell(step.say);
        next(index + 1);
      },
      (step.afterSeconds * 1000) / state.speed,
    );
  };
  next(0);
  return {
    scenario,
    told,
    ended,
    stop: () => {
      clearTimeout(timer);
      end();
    },
  };
}
