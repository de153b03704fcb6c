/** Apache Kafka's jars. */
import { fetchJars, jarsMissing } from './maven-jars.ts';
import type { JarSet } from './maven-jars.ts';

const KAFKA_VERSION = '4.1.1';
const KAFKA: JarSet = {
  name: 'kafka',
  version: KAFKA_VERSION,
  jars: [`org.apache.kafka:kafka_2.13:${KAFKA_VERSION}`, 'org.slf4j:slf4j-simple:1.7.36'],
};

/** Why Kafka cannot be started here, or undefined when it can. */
export async function kafkaMissing(): Promise<string | undefined> {
  return jarsMissing(KAFKA);
}

/** The folder with the jars; fetches them when it is not there. Throws with Maven's words when that fails. */
export async function kafkaJars(): Promise<string> {
  return fetchJars(KAFKA);
}
