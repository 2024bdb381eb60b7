/**
 * Marks a provider that adds to an authorization server, so that the server's module finds it without
 * either importing the other at run time.
 */
export const authorizationServerPlugIn = Symbol('authorizationServerPlugIn');
