import type { ProtectedResourceMetadata } from '@keybound/pop';
import { PopExempt, PopResource } from '@keybound/pop/nest';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Settings } from '../settings.js';

/** What the API says about itself. RFC 9728. */
@Controller('.well-known/oauth-protected-resource/api')
@PopExempt()
export class ResourceMetadataController {
  constructor(
    @Inject(PopResource) private readonly resource: PopResource,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  @Get()
  @Header('access-control-allow-origin', '*')
  describe(): ProtectedResourceMetadata & Readonly<Record<string, unknown>> {
    const { authorization_servers: issuers = [], ...metadata } = this.resource.metadata;
    // The development issuer is no authorization server: there is nothing to discover.
    const servers = issuers.filter((issuer) => issuer !== this.settings.issuer);
    return {
      ...metadata,
      ...(servers.length > 0 && { authorization_servers: servers }),
      scopes_supported: ['admin'],
      resource_name: 'Keybound sample API',
    };
  }
}
