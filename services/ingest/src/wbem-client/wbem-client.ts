/** Asks a CIM server: operations as CIM-XML over HTTP (DSP0200), one at a time. */
import { isLoopback } from '@cadf-pipeline/service-kit';
import { post } from './http-post.ts';
import type { HttpAnswer, WbemConnection } from './http-post.ts';
import { readAnswer } from './read-answer.ts';
import type { CimAnswer } from './read-answer.ts';
import { WbemFailure } from './wbem-failure.ts';
import { requestXml } from './write-operation.ts';
import type { CimOperation } from './write-operation.ts';

export interface WbemClient {
  /** Throws WbemFailure. */
  call(operation: CimOperation): Promise<CimAnswer>;
}

/** Whether a URL's host is the machine itself, whichever reads it. */
export function isOnLoopback({ hostname }: URL): boolean {
  return isLoopback(hostname.replaceAll(/[[\]]/g, ''));
}

/** Throws WbemFailure `WBEM_SETTING` where a password would go over the network in the clear. */
export function createWbemClient(connection: WbemConnection): WbemClient {
  const { server, user, isInsecure } = connection;
  if (user !== undefined && server.protocol === 'http:' && !isInsecure && !isOnLoopback(server))
    throw new WbemFailure(
      'WBEM_SETTING',
      `The password would go to ${server.host} unencrypted. Use https:// (usually port 5989), or allow it with --insecure.`,
    );
  let lastId = 1000;
  return {
    async call(operation) {
      lastId++;
      const { method, namespace } = operation;
      const answer = await post(
        connection,
        {
          CIMOperation: 'MethodCall',
          CIMMethod: method,
          CIMObject: encodeURI(namespace),
          CIMProtocolVersion: '1.0',
        },
        requestXml(operation, lastId),
      );
      checkStatus(answer, server);
      return readAnswer(answer.text, method);
    },
  };
}

function checkStatus({ status, headers }: HttpAnswer, server: URL): void {
  if (status === 200 || status === 207) return;
  if (status === 401 || status === 403)
    throw new WbemFailure(
      'WBEM_NOT_ALLOWED',
      `${server.host} refuses the user (HTTP ${status}). Check --user and its password (CADF_WBEM_PASSWORD or --password-file), and that the CIM server lets this user in.`,
    );
  const cimError = headers['cimerror'];
  const said = typeof cimError === 'string' ? `, CIMError ${cimError.slice(0, 200)}` : '';
  throw new WbemFailure(
    'WBEM_STATUS',
    `${server.host} answers with HTTP ${status}${said}. Is this the address of a CIM server?`,
  );
}
