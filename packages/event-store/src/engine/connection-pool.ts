/** Lends connections, one holder each; who comes when all are lent waits in order, until its signal aborts. */
export interface Pool<T> {
  take(signal?: AbortSignal): Promise<T>;
  give(connection: T): void;
}

export function createPool<T>(connections: readonly T[], whenAborted: () => Error): Pool<T> {
  const free = [...connections];
  const waiting: ((connection: T) => void)[] = [];
  return {
    take(signal) {
      if (signal?.aborted === true) return Promise.reject(whenAborted());
      const connection = free.pop();
      if (connection !== undefined) return Promise.resolve(connection);
      return new Promise((resolve, reject) => {
        const taken = (given: T): void => {
          signal?.removeEventListener('abort', aborted);
          resolve(given);
        };
        const aborted = (): void => {
          waiting.splice(waiting.indexOf(taken), 1);
          reject(whenAborted());
        };
        signal?.addEventListener('abort', aborted, { once: true });
        waiting.push(taken);
      });
    },
    give(connection) {
      const next = waiting.shift();
      if (next === undefined) free.push(connection);
      else next(connection);
    },
  };
}
