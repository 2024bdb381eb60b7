import type { ClientRequirement } from './requirements.js';

/** The first thing that is wrong with what a client said about itself. */
export interface MetadataProblem {
  readonly member: string;
  readonly requirement: ClientRequirement;
  /** Safe to log. */
  readonly problem: string;
}
