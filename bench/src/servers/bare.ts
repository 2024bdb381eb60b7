import { createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { subject, type Answer, type Scenario } from '../scenario.js';
import { serve } from '../serve.js';

/** The least that any proof costs: one ES256 verification, with a key that was imported before. */
await serve(async ({ clientJwk, sampleProof }: Scenario) => {
  const key = createPublicKey({ key: { ...clientJwk }, format: 'jwk' });
  const end = sampleProof.lastIndexOf('.');
  const signingInput = sampleProof.slice(0, end);
  const signature = Buffer.from(sampleProof.slice(end + 1), 'base64url');
  const server = createServer((_request, response) => {
    const data = Buffer.from(signingInput, 'latin1');
    const good = verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);
    const body = JSON.stringify({ subject: good ? subject : undefined } satisfies Answer);
    response.writeHead(good ? 200 : 401, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  });
  return server.listen(0, '127.0.0.1');
});
