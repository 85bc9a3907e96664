import type { Incident } from '../model/incident.ts';

/** The last so many that are over. */
export class History {
  /** Left out for want of room: the oldest go first. */
  forgotten = 0;
  readonly #byId = new Map<string, Incident>();
  readonly #incidentsMax: number;

  constructor(incidentsMax: number) {
    this.#incidentsMax = incidentsMax;
  }

  get(id: string): Incident | undefined {
    return this.#byId.get(id);
  }

  latestFirst(): Incident[] {
    return [...this.#byId.values()].reverse();
  }

  add(incident: Incident): void {
    this.#byId.set(incident.id, incident);
    if (this.#byId.size <= this.#incidentsMax) return;
    const [oldest] = this.#byId.keys();
    this.#byId.delete(oldest!);
    this.forgotten++;
  }
}
