import { UpstreamError, type OutgoingHttp } from '@keybound/core';

/** A network in which nobody answers: no test reaches beyond loopback by accident. */
export const unreachableHttp: OutgoingHttp = {
  get: (url) => Promise.reject(new UpstreamError(`In this test nobody answers at ${url}.`)),
};
