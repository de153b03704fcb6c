import { createLogger, frameworkErrors, ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import { onTestFinished, test, expect, vi } from 'vitest';
import { createLiveRights } from './live-rights.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

/** Rights of one credential, of which the test says what is known, under a clock of its own. */
function start(tenants: Principal['tenants'] = ['a'], tenant?: string) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let answer: Principal | ProblemError = principalOf(tenants);
  let asked = 0;
  const credential = {
    id: 'one',
    verify: () => {
      asked++;
      return answer instanceof ProblemError ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const rights = createLiveRights({ logger, now: () => Date.now() });
  onTestFinished(() => rights.close());
  const ends: string[] = [];
  const watch = () =>
    rights.watch(credential, principalOf(tenants), tenant, ({ code }) => void ends.push(code));
  return {
    watch,
    ends,
    asked: () => asked,
    becomes: (next: Principal | ProblemError) => (answer = next),
    never: new AbortController().signal,
  };
}

function principalOf(tenants: Principal['tenants']): Principal {
  return { kind: 'key', id: 'k', name: 'k', roles: new Set(['query']), tenants };
}

const REVOKED = new ProblemError(frameworkErrors.UNAUTHENTICATED);
const UNKNOWN = new ProblemError(frameworkErrors.IDENTITY_UNAVAILABLE);

test('a reader whose key is revoked is told so within a second, once, and may see nothing', async () => {
  const { becomes, ends, never, watch } = start();
  const right = watch();
  becomes(REVOKED);
  await vi.advanceTimersByTimeAsync(1000);
  expect(ends).toEqual(['UNAUTHENTICATED']);
  expect(right.scope()).toBeUndefined();
  await expect(right.current(never)).rejects.toBe(REVOKED);
  await vi.advanceTimersByTimeAsync(5000);
  expect(ends).toHaveLength(1);
});

test('tenants that are taken away hold from the next look on, and are told by the version', async () => {
  const { becomes, ends, watch } = start(['a', 'b']);
  const right = watch();
  expect(right.version()).toBe(0);
  becomes(principalOf(['a']));
  await vi.advanceTimersByTimeAsync(1000);
  expect(right.scope()).toEqual({ tenants: ['a'] });
  expect(right.version()).toBe(1);
  becomes(principalOf('*'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(right.scope()).toEqual({ tenants: '*' });
  expect(right.version()).toBe(2);
  expect(ends).toEqual([]);
});

test('a reader of one tenant ends when the key does not reach that tenant any more', async () => {
  const { becomes, ends, watch } = start(['a', 'b'], 'b');
  const right = watch();
  becomes(principalOf(['a']));
  await vi.advanceTimersByTimeAsync(1000);
  expect(ends).toEqual(['FORBIDDEN_TENANT']);
  expect(right.scope()).toBeUndefined();
});

test('a tenant that is not reached is refused at once', () => {
  const { watch } = start(['a'], 'b');
  expect(watch).toThrow(expect.objectContaining({ code: 'FORBIDDEN_TENANT' }));
});

test('what is known is asked for again before something is given, when it is older than a quarter of a second', async () => {
  const { asked, becomes, never, watch } = start();
  const right = watch();
  await right.current(never);
  expect(asked()).toBe(0);
  await vi.advanceTimersByTimeAsync(300);
  becomes(REVOKED);
  await expect(right.current(never)).rejects.toBe(REVOKED);
  expect(asked()).toBe(1);
});

test('all readers of a credential are looked after by one question', async () => {
  const { asked, ends, becomes, watch } = start();
  const rights = [watch(), watch(), watch()];
  await vi.advanceTimersByTimeAsync(500);
  expect(asked()).toBe(1);
  rights[0]!.release();
  becomes(REVOKED);
  await vi.advanceTimersByTimeAsync(500);
  expect(ends).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
  for (const right of rights) right.release();
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked()).toBe(2);
});

test('nothing is given while nobody can say, and all goes on when somebody can', async () => {
  const { becomes, ends, never, watch } = start();
  const right = watch();
  becomes(UNKNOWN);
  await vi.advanceTimersByTimeAsync(5000);
  let given = false;
  const waiting = right.current(never).then(() => (given = true));
  await vi.advanceTimersByTimeAsync(5000);
  expect(given).toBe(false);
  becomes(principalOf(['a']));
  await vi.advanceTimersByTimeAsync(1000);
  await waiting;
  expect(ends).toEqual([]);
});

test('readers are ended when nobody could say for half a minute, as something that passes', async () => {
  const { becomes, ends, watch } = start();
  watch();
  becomes(UNKNOWN);
  await vi.advanceTimersByTimeAsync(32_000);
  expect(ends).toEqual(['IDENTITY_UNAVAILABLE']);
});

test('a reader that goes while nobody can say waits no longer', async () => {
  const { becomes, watch } = start();
  const right = watch();
  becomes(UNKNOWN);
  await vi.advanceTimersByTimeAsync(1000);
  const gone = new AbortController();
  const waiting = right.current(gone.signal);
  await vi.advanceTimersByTimeAsync(100);
  gone.abort();
  await vi.advanceTimersByTimeAsync(1000);
  await waiting;
});
