import type { ProtectedResourceMetadata } from '@keybound/pop';
import { PopExempt, PopResource } from '@keybound/pop/nest';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { scopesOfApi } from '../authorization-server/scopes.js';

/** What the API says about itself. RFC 9728. */
@Controller('.well-known/oauth-protected-resource/api')
@PopExempt()
export class ResourceMetadataController {
  constructor(@Inject(PopResource) private readonly resource: PopResource) {}

  @Get()
  @Header('access-control-allow-origin', '*')
  describe(): ProtectedResourceMetadata & Readonly<Record<string, unknown>> {
    return {
      ...this.resource.metadata,
      scopes_supported: [...scopesOfApi],
      resource_name: 'Keybound sample API',
    };
  }
}
