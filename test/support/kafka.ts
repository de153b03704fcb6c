/**
 * A Kafka for tests. Brokers named in CADF_TEST_KAFKA_BROKERS (comma-separated) come first; else a one-node
 * Apache Kafka (KRaft) of this machine, in a temporary folder, on free ports of 127.0.0.1, up in some 3 s.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { kafkaJars, kafkaMissing } from './kafka-jars.ts';
import { serverProperties } from './kafka-properties.ts';
import type { TestKafkaOptions } from './kafka-properties.ts';

const START_TIMEOUT_MS = 60_000;
const run = promisify(execFile);

export interface TestKafka {
  /** `host:port` of each broker. */
  readonly brokers: string[];
  /** False for brokers named in the environment: pause, resume, kill and restart then throw. */
  readonly controllable: boolean;
  /** Stops the process without ending it (SIGSTOP): connections stay open and nothing is answered once it resolves. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends it at once (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again on the same data and ports after `kill`. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts Kafka, or answers undefined after saying on stderr what is left out when this machine cannot.
 * With CI=true that is an error, so that nothing is left out unnoticed.
 */
export async function kafkaOrSkip(options: TestKafkaOptions = {}): Promise<TestKafka | undefined> {
  const missing = brokersNamed() === undefined || isSecured(options) ? await kafkaMissing() : undefined;
  if (missing === undefined) return startKafka(options);
  if (process.env['CI'] === 'true') throw new Error(`Kafka is needed and cannot be started: ${missing}`);
  process.stderr.write(
    `left out: every test that needs Kafka (${missing}; set CADF_TEST_KAFKA_BROKERS or install it)\n`,
  );
  return undefined;
}

/** Starts Kafka. Throws with the broker's log when it does not come up. */
export async function startKafka(options: TestKafkaOptions = {}): Promise<TestKafka> {
  const named = isSecured(options) ? undefined : brokersNamed();
  if (named !== undefined) return named;
  const libs = await kafkaJars();
  const folder = await mkdtemp(join(tmpdir(), 'cadf-kafka-'));
  const [port, controllerPort] = await freePorts();
  const config = join(folder, 'server.properties');
  await writeFile(config, serverProperties(folder, port, controllerPort, options));
  await format(libs, folder, config, options);
  let broker = await launch(libs, folder, config, port, options);
  // A test process that is ended must not leave a broker behind.
  const endWithUs = (): void => void broker.kill('SIGKILL');
  process.on('exit', endWithUs);
  return {
    brokers: [`127.0.0.1:${port}`],
    controllable: true,
    async pause() {
      broker.kill('SIGSTOP');
      await stopped(broker);
    },
    resume: () => void broker.kill('SIGCONT'),
    kill: () => end(broker),
    async restart() {
      broker = await launch(libs, folder, config, port, options);
    },
    async stop() {
      process.off('exit', endWithUs);
      await end(broker);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isSecured({ sasl, tls }: TestKafkaOptions): boolean {
  return sasl !== undefined || tls !== undefined;
}

function brokersNamed(): TestKafka | undefined {
  const named = process.env['CADF_TEST_KAFKA_BROKERS'];
  if (named === undefined || named === '') return undefined;
  const cannot = (): never => {
    throw new Error('a broker named by CADF_TEST_KAFKA_BROKERS is not ours to stop');
  };
  return {
    brokers: named.split(','),
    controllable: false,
    pause: async () => cannot(),
    resume: cannot,
    kill: async () => cannot(),
    restart: async () => cannot(),
    stop: async () => undefined,
  };
}

/** The signal is sent to one thread, and the others stop a moment later: what they answer till then was no outage. */
async function stopped({ pid }: ChildProcess): Promise<void> {
  const tasks = `/proc/${pid}/task`;
  for (;;) {
    const threads = await readdir(tasks);
    const states = await Promise.all(threads.map((thread) => readFile(join(tasks, thread, 'stat'), 'utf8')));
    // The name before the state is in brackets, and may hold any character.
    if (states.every((stat) => stat.slice(stat.lastIndexOf(')') + 2).startsWith('T'))) return;
    await sleep(5);
  }
}

async function format(
  libs: string,
  folder: string,
  config: string,
  { sasl }: TestKafkaOptions,
): Promise<void> {
  const id = randomBytes(16).toString('base64url');
  const args = ['-cp', `${libs}/*`, 'kafka.tools.StorageTool', 'format', `--cluster-id=${id}`, '-c', config];
  if (sasl !== undefined)
    for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'])
      args.push('--add-scram', `${mechanism}=[name=${sasl.username},password=${sasl.password}]`);
  await run('java', args, { cwd: folder, timeout: START_TIMEOUT_MS });
}

async function launch(
  libs: string,
  folder: string,
  config: string,
  port: number,
  { tls }: TestKafkaOptions,
): Promise<ChildProcess> {
  const log = join(folder, 'kafka.log');
  const out = openSync(log, 'a');
  // The kernel ends the broker with this process, however that ends; elsewhere it is ended when this one exits in order.
  const [command, ...before] = [...(await diesWithParent()), 'java'];
  const child = spawn(
    command,
    [
      ...before,
      '-Xmx512m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=4',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-cp',
      `${libs}/*`,
      'kafka.Kafka',
      config,
    ],
    { cwd: folder, stdio: ['ignore', out, out] },
  );
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await (tls === undefined ? answers(port) : shakesHands(port)))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`Kafka did not start:\n${(await readFile(log, 'utf8')).slice(-4000)}`);
    }
    await sleep(50);
  }
  return child;
}

/** The words before a command that have it killed when its parent dies (Linux, util-linux 2.33); none where there are none. */
async function diesWithParent(): Promise<string[]> {
  const words = ['setpriv', '--pdeathsig', 'KILL'];
  const [command, ...args] = [...words, 'true'];
  return run(command, args).then(
    () => words,
    () => [],
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** Asks for the API versions (key 18, version 0): a broker that answers takes requests. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const done = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(2000, () => done(false));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    socket.once('data', () => done(true));
    socket.once('connect', () =>
      socket.write(Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff])),
    );
  });
}

/** TLS 1.3 ends the handshake on this side before the client's certificate was looked at. */
function shakesHands(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false });
    const done = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(2000, () => done(false));
    socket.once('error', () => done(false));
    socket.once('secureConnect', () => done(true));
  });
}

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [ports[0] ?? 0, ports[1] ?? 0];
}
