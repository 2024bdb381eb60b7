import { authorizationServerPlugIn } from '@keybound/core';
import type { DiscoveryService } from '@nestjs/core';
import type { AuthorizationServerPlugIn } from '../extension/plug-in.js';

/** Every provider of the application that is marked as a plug-in; one under several tokens is one. */
export function plugInsOf(discovery: DiscoveryService): readonly AuthorizationServerPlugIn[] {
  const instances = discovery.getProviders().map(({ instance }) => instance as unknown);
  return [...new Set(instances)].filter(isPlugIn);
}

function isPlugIn(instance: unknown): instance is AuthorizationServerPlugIn {
  return typeof instance === 'object' && instance !== null && authorizationServerPlugIn in instance;
}
