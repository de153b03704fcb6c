/** Who did it, as the messages of the engine tell (`AuditLogMessages.properties`, `${UserName}`). */

export interface Actor {
  /** `admin@internal-authz`; undefined: not told. */
  readonly name?: string;
  /** The engine itself. */
  readonly isEngine?: true;
  /** In messages about logins only. */
  readonly address?: string;
}

/** What the engine writes where it knows no user. */
const NOBODY = new Set(['', 'null', 'null@n/a', '<unknown>', 'unknown', 'n/a', 'username']);
const ENGINE = new Set(['system', 'ovirt-engine', 'engine']);

/** At the end, or nearly, mostly in brackets: `(User: admin@internal-authz)`, `, User: x).`, `(User x)`, `. User: x.` */
const AT_END = /(?:[(,.] ?User: ?|\(User )([^\s()]{1,300}?)\.?(?:\)|$)/;
/** `by admin@internal-authz`, `by user x@y`, `Rebooted by: x@y`. */
const BY = /\bby:? (?:[uU]ser )?\(?([^\s(),]{1,300}@[^\s(),]{1,200}|SYSTEM|<UNKNOWN>)/;
/** Older engines: a name without a domain, at the end. */
const BY_AT_END = /\bby:? ([A-Za-z][\w.-]{0,100})\.?$/;
const AT_START = /^(?:User |Account Settings: )([^\s'/,]{1,300}) (?!.{0,40}was added)/;
const LOGGED_OUT =
  /^(?:Failed to log out user (\S{1,300}) connected|The account for (\S{1,300}) got expired)/;
const ADDRESS = /\bconnect(?:ing|ed) from '([^']{1,64})'/;

/** What the engine did by itself says so in its name. */
const BY_ENGINE = /^SYSTEM_|_SYSTEM_INITIATED$|_BY_SYSTEM_/;

/** The user is somebody something is done to. */
const SUBJECT_FIRST = /^USER_(?:ATTACH|DETACH)_USER_|^USER_(?:ADD|FAILED_ADD_ADUSER|REMOVE_ADUSER)$/;

export function actorOf(name: string, message: string): Actor {
  const text = message.slice(0, 4096);
  const address = ADDRESS.exec(text)?.[1];
  const told = nameIn(name, text);
  return {
    ...(told === undefined ? (BY_ENGINE.test(name) ? { isEngine: true } : {}) : classify(told)),
    ...(address === undefined || /\s/.test(address) || address === 'UNKNOWN' ? {} : { address }),
  };
}

/** A name from a member of a row, or out of a message. */
export function classify(told: string): Actor {
  const word = told.trim().replace(/[.,;]{1,3}$/, '');
  if (NOBODY.has(word.toLowerCase())) return {};
  return ENGINE.has(word.toLowerCase()) ? { isEngine: true } : { name: word };
}

function nameIn(name: string, text: string): string | undefined {
  const bracketed = AT_END.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed;
  const account = LOGGED_OUT.exec(text);
  if (account !== null) return account[1] ?? account[2];
  if (!SUBJECT_FIRST.test(name)) {
    const first = AT_START.exec(text)?.[1];
    if (first !== undefined && !first.startsWith('Group')) return first;
  }
  return BY.exec(text)?.[1] ?? (name.startsWith('USER_') ? BY_AT_END.exec(text.trimEnd())?.[1] : undefined);
}
