import type { ErrorResponse, Rejection } from '@keybound/core';
import { HttpException } from '@nestjs/common';

/**
 * A refusal on its way through Nest's exception filters. The fields of the answer (challenges,
 * nonces, `Retry-After`) are on the response already, where a filter of one's own leaves them.
 */
export class PopRefusedException extends HttpException {
  constructor(
    response: ErrorResponse,
    /** Why; undefined for a fault. */
    readonly rejection: Rejection | undefined,
  ) {
    super({ ...response.body }, response.status);
  }
}
