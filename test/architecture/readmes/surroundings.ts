/** What stands around the snippets of several READMEs. */
const nestServer = `
import { generatedSigningKeys, inMemoryStores } from '@keybound/authorization-server';
import { AuthorizationServerModule } from '@keybound/authorization-server/nest';
import { InMemoryReplayStore } from '@keybound/core';
import { Module } from '@nestjs/common';
declare const users: ReadonlyMap<string, { readonly name: string }>;`;

const expressResource = `
import type { PopOptions } from '@keybound/pop';
import {
  buildPopResource, popContentCapture, popProtected, verifiedPop,
} from '@keybound/pop/express';
import express from 'express';
declare const options: PopOptions;
const app = express();`;

const fastifyResource = `
import type { PopOptions } from '@keybound/pop';
import { fastifyPop, verifiedPop } from '@keybound/pop/fastify';
import { fastify } from 'fastify';
declare const options: PopOptions;
const app = fastify();`;

/**
 * What a README takes for granted: the imports, which most snippets leave to the editor, and what is the
 * reader's own. By the names of the snippets; one that is not here needs nothing.
 */
export const surroundings: Readonly<Record<string, string>> = {
  'README.md 1': `
import { InMemoryReplayStore } from '@keybound/core';
import { PopModule } from '@keybound/pop/nest';
import { Module } from '@nestjs/common';`,
  'README.md 2': expressResource,
  'README.md 3': fastifyResource,
  'README.md 4': nestServer,
  'README.md 5': `
import { createSigningFetch } from '@keybound/client';
import { generateKeyPair, signerFromKeyPair } from '@keybound/core';
declare const accessToken: string;`,
  'README.md 6': `
import { findIssuer, InMemoryKeyPairs, ResourceKeys } from '@keybound/client';
import { PopRelyingParty } from '@keybound/client/relying-party';
declare const callback: URL;`,

  'libs/authorization-server/README.md 1': nestServer,
  'libs/authorization-server/README.md 2': `
import { AuthorizationServer } from '@keybound/authorization-server/nest';
import {
  BadRequestException, Body, Controller, Headers, Inject, NotFoundException, Param, Post, Redirect,
} from '@nestjs/common';
declare class Users {
  check(username: string, password: string): Promise<string>;
}
declare class LoginForm {
  readonly username: string;
  readonly password: string;
  readonly csrf: string;
}`,
  'libs/authorization-server/README.md 3': `
import {
  buildAuthorizationServer, type AuthorizationServerOptions,
} from '@keybound/authorization-server';
import { authorizationServer } from '@keybound/authorization-server/express';
import express from 'express';
declare const options: AuthorizationServerOptions;
const app = express();`,
  'libs/authorization-server/README.md 4': `
import { sharedSigningKeys, type KeyStore } from '@keybound/authorization-server';
declare const storage: { readonly keys: KeyStore };
declare const secret: string;`,
  'libs/authorization-server/README.md 5': `
import type {
  AuthorizationServerPlugIn, Extensions, IssuingContext,
} from '@keybound/authorization-server/extension';
import { authorizationServerPlugIn, type JsonObject } from '@keybound/core';
import { Inject, Injectable } from '@nestjs/common';
declare class Tenants {
  of(subject: string): Promise<string>;
}`,

  'libs/client/README.md 1': `
declare const tokenResponse: { readonly token_type: string; readonly access_token: string };`,
  'libs/client/README.md 2': `
declare const callback: URL;`,

  'libs/core/README.md 1': `
declare const jwt: string;`,

  'libs/pop/README.md 1': `
import { InMemoryReplayStore } from '@keybound/core';
import { PopModule, PopProtected, VerifiedPop } from '@keybound/pop/nest';
import { Controller, Get, Module } from '@nestjs/common';`,
  'libs/pop/README.md 2': expressResource,
  'libs/pop/README.md 3': fastifyResource,

  'libs/storage-redis/README.md 1': `
import {
  buildAuthorizationServer, type AuthorizationServerOptions, type AuthorizationServerStores,
} from '@keybound/authorization-server';
declare const options: AuthorizationServerOptions;
declare const sql: { readonly stores: AuthorizationServerStores };`,
  'libs/storage-redis/README.md 2': `
import type { RedisStorage } from '@keybound/storage-redis';
declare const redis: RedisStorage;`,

  'libs/storage-sql/README.md 1': `
import {
  buildAuthorizationServer, sharedSigningKeys, type AuthorizationServerOptions,
} from '@keybound/authorization-server';
declare const options: AuthorizationServerOptions;
declare const masterSecret: string;`,

  'libs/testing/README.md 1': `
import { overridePop } from '@keybound/testing/nest';
import { Test } from '@nestjs/testing';
declare class AppModule {}`,
  'libs/testing/README.md 2': `
import { accessToken, dpopProof } from '@keybound/testing';`,
  'libs/testing/README.md 3': `
import type {
  ClientStore, CounterStore, GrantStore, KeyStore, SessionStore,
} from '@keybound/authorization-server';
import type { ReplayStore } from '@keybound/core';
import {
  describeClientStore, describeCounterStore, describeGrantStore, describeKeyStore,
  describeReplayStore, describeSessionStore,
} from '@keybound/testing';
declare const MyReplayStore: new () => ReplayStore;
declare const MyGrantStore: new () => GrantStore;
declare const MyClientStore: new () => ClientStore;
declare const MySessionStore: new () => SessionStore;
declare const MyCounterStore: new () => CounterStore;
declare const MyKeyStore: new () => KeyStore;`,
  'libs/testing/README.md 4': `
import { expect } from '@jest/globals';
import type { AuthorizationServerPlugIn } from '@keybound/authorization-server/extension';
import { testServer } from '@keybound/testing';
declare const tenants: unknown;
declare const TenantPlugIn: new (of: unknown) => AuthorizationServerPlugIn;`,
};
