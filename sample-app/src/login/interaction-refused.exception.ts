import type { Rejection } from '@keybound/core';

/** The authorization server refused an interaction, or an answer to it. */
export class InteractionRefusedException extends Error {
  constructor(readonly rejection: Rejection) {
    super(rejection.code);
  }
}
