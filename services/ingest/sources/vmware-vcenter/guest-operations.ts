/** What was done inside a machine's guest: `Start Program` of an event, `GuestOps.StartProgram` of vmware.log. */
import type { Operation } from './operation.ts';

const ACTIONS: ReadonlyMap<string, string> = new Map([
  ['startprogram', 'start'],
  ['terminateprocess', 'stop'],
  ['initiatefiletransfertoguest', 'receive'],
  ['initiatefiletransferfromguest', 'send'],
  ['createtemporaryfile', 'create'],
  ['createtemporarydirectory', 'create'],
  ['makedirectory', 'create'],
  ['createregistrykey', 'create'],
  ['deletefile', 'delete'],
  ['deletedirectory', 'delete'],
  ['deleteregistrykey', 'delete'],
  ['deleteregistryvalue', 'delete'],
  ['movefile', 'update'],
  ['movedirectory', 'update'],
  ['changefileattributes', 'update'],
  ['setregistryvalue', 'update'],
  ['addguestalias', 'update'],
  ['removeguestalias', 'update'],
  ['listprocesses', 'read'],
  ['listfiles', 'read'],
  ['listguestaliases', 'read'],
  ['listregistrykeys', 'read'],
  ['listregistryvalues', 'read'],
  ['readenvironmentvariable', 'read'],
  ['readenvironmentvariables', 'read'],
  ['validatecredentials', 'authenticate'],
  ['acquirecredentials', 'authenticate'],
  ['releasecredentials', 'authenticate/logout'],
]);

/** The action of a guest operation by its name, in words or as one; undefined for one that is not in the table. */
export function guestAction(name: string): string | undefined {
  return ACTIONS.get(name.replaceAll(/[ _-]/g, '').toLowerCase());
}

/** A guest operation is what its event's message says it is. */
export function refineGuestOperation(operation: Operation, name: string | undefined): Operation {
  if (operation.action !== 'start/guest-operation') return operation;
  const action = name === undefined ? undefined : guestAction(name);
  return action === undefined
    ? { ...operation, action: 'unknown', rule: 'unmapped-guest-operation' }
    : { ...operation, action, rule: 'guest-operation' };
}
