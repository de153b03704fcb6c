/**
 * Asks the service of this container whether it is alive: `node deploy/healthcheck.js`, or `… /readyz` whether it is
 * ready. Exit status 0 for yes. Host, port and TLS are those of the service's own settings.
 */
/* oxlint-disable node/no-process-env -- a program of its own, with the settings of the service beside it */
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

const TIMEOUT_MS = 4000;
const tls = Boolean(process.env.CADF_TLS_CERT);
const options = {
  host: '127.0.0.1',
  port: process.env.CADF_HTTP_PORT || '8080',
  path: process.argv[2] ?? '/healthz',
  timeout: TIMEOUT_MS,
  // The certificate is for the name that clients use; this is the same container.
  rejectUnauthorized: false,
};

const request = (tls ? getHttps : getHttp)(options, (response) => {
  response.resume();
  response.on('end', () => finish(response.statusCode === 200, `status ${response.statusCode}`));
});
request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
request.on('error', (error) => finish(false, error.message));

function finish(good, reason) {
  if (!good) process.stderr.write(`${options.path}: ${reason}\n`);
  process.exitCode = good ? 0 : 1;
}
