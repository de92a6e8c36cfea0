import { applyEdit } from "./edits.ts";
import type { Fleet } from "./fleet.ts";
import { generateFleet } from "./generate.ts";
import { seededRandom } from "./random.ts";
import type { Scenario, Step } from "./scenario.ts";
import { applySettings, defaultSettings } from "./settings.ts";
import { assertNone } from "./shape.ts";
import type { Responder } from "./understand.ts";
import { World } from "./world.ts";

/** How far a scenario has come. */
export interface ScenarioProgress {
  readonly about: string | undefined;
  /** Requests since its beginning. */
  readonly requests: number;
  readonly steps: number;
  readonly stepsTaken: number;
  /** What steps could not do, such as edits of what was gone already. */
  readonly failures: readonly string[];
}

/** Plays scenarios, one after another. */
export class ScenarioRun {
  readonly #responder: Responder;
  #about: string | undefined;
  #steps: readonly Step[] = [];
  /** Steps that wait for requests, the next one first. */
  #counted: { readonly step: Step; readonly afterRequests: number }[] = [];
  #timers: NodeJS.Timeout[] = [];
  #requests = 0;
  #stepsTaken = 0;
  #failures: string[] = [];

  constructor(responder: Responder) {
    this.#responder = responder;
  }

  /**
   * Begins a scenario: all is as it says, settings that it does not name are as usual, and nothing has been asked yet.
   * Throws, and changes nothing, where its fleet is not valid or a step edits what the fleet cannot have.
   */
  begin(scenario: Scenario): void {
    const { seed = 1, settings = {}, faults = [], steps = [], about } = scenario;
    const fleet = fleetOf(scenario, seed);
    const world = fleet ? new World(fleet) : this.#responder.world;
    assertNone("the scenario is", impossibleEdits(steps, world));

    this.end();
    const { world: current, settings: inForce, faults: armed, log, counters } = this.#responder;
    if (fleet) current.become(world);
    applySettings(inForce, { ...defaultSettings(), ...settings });
    armed.replace(faults, seededRandom(seed));
    log.clear();
    counters.clear();
    this.#about = about;
    this.#steps = steps;
    this.#requests = this.#stepsTaken = 0;
    this.#failures = [];
    this.#counted = steps
      .flatMap((step) =>
        step.afterRequests === undefined ? [] : [{ step, afterRequests: step.afterRequests }],
      )
      .sort((a, b) => a.afterRequests - b.afterRequests);
    this.#timers = steps.flatMap((step) =>
      step.atMs === undefined ? [] : [setTimeout(() => this.#take(step), step.atMs)],
    );
  }

  /** A request has come, and is not answered yet. */
  countRequest(): void {
    for (;;) {
      const [next] = this.#counted;
      if (!next || this.#requests < next.afterRequests) break;
      this.#counted.shift();
      this.#take(next.step);
    }
    this.#requests++;
  }

  progress(): ScenarioProgress {
    return {
      about: this.#about,
      requests: this.#requests,
      steps: this.#steps.length,
      stepsTaken: this.#stepsTaken,
      failures: this.#failures,
    };
  }

  /** No more steps are taken. */
  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#counted = [];
  }

  #take(step: Step): void {
    const { faults, settings, world, sessions, now } = this.#responder;
    this.#stepsTaken++;
    if (step.faults) faults.replace(step.faults);
    if (step.settings) applySettings(settings, step.settings);
    if (step.expireSessions) sessions.endAll();
    for (const edit of step.edits ?? []) {
      try {
        applyEdit(world, edit, new Date(now()).toISOString());
      } catch (error) {
        this.#failures.push(`steps[${this.#steps.indexOf(step)}]: ${(error as Error).message}`);
      }
    }
  }
}

function fleetOf({ fleet, generate }: Scenario, seed: number): Fleet | undefined {
  return generate ? generateFleet({ ...generate, seed }) : fleet;
}

/** Edits of accounts and regions that are not there; resources may come and go. */
function impossibleEdits(steps: readonly Step[], world: World): string[] {
  return steps.flatMap(({ edits = [] }, step) =>
    edits.flatMap(({ account, region }, edit) =>
      world.region(account, region)
        ? []
        : [`scenario.steps[${step}].edits[${edit}]: account ${account} has not enabled ${region}`],
    ),
  );
}
