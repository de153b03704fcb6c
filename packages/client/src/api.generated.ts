/**
 * What the routes take and give, made from the OpenAPI document of the service. Do not edit: run
 * `CADF_UPDATE_DOCS=1 npx vitest run packages/client/src/api.test.ts`.
 */
export interface paths {
    readonly "/cadf/v1/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read events, newest first
         * @description As JSON, NDJSON, CSV or XML, by `Accept`; compressed with zstd or gzip, by `Accept-Encoding`. Pages are of one snapshot: events that arrive later are on none of them. The connection ends early when something goes wrong while an answer is sent. A caller that goes away ends its query. With `Prefer: wait=N` (seconds, at most 60) or `Prefer: respond-async` an answer that is not ready by then is 202 with the asynchronous query that goes on.
         *
         *     Needs the role query.
         */
        readonly get: operations["getEvents"];
        readonly put?: never;
        /**
         * Submit CADF events
         * @description One event, an array, a CADF Log or Report, NDJSON, XML or CloudEvents; gzip or zstd. Answered after the events are durable.
         *
         *     Needs the role submit.
         */
        readonly post: operations["postEvents"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/cadf/v1/events/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read one event by its CADF id
         * @description The event as it was received. `versions=all` lists every version that came, the newest first, as a page.
         *
         *     Needs the role query.
         */
        readonly get: operations["getEventsById"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/cadf/v1/count": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Count events exactly
         * @description How many events the query finds. An event that came several times counts once.
         *
         *     Needs the role query.
         */
        readonly get: operations["getCount"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/cadf/v1/events/stream": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Follow events as they are accepted
         * @description Server-sent events (WHATWG HTML, 9.2), one message for each event that passes: `data` is its CADF JSON as it was accepted, `id` the cursor to go on after it with nothing missed and nothing twice. All versions are given, each once it can be found by a query, in the order in which they were accepted. The first message has only an `id`: where the answer begins. Comments, and `id` without data where it moved on, come when nothing happens. Whose rights end is told so by a last message `event: end` with `{code, detail, retryable}` as data, within a second; the same when the server stops, and when the past takes more of the store to read than a query may (`STORE_LIMIT_…`). A reader that is slow gets everything at its pace; one that takes nothing for a minute is disconnected and goes on from its last `id`. Compressed with zstd or gzip, by `Accept-Encoding`. Of a saved query its filter, tenant and source are taken.
         *
         *     Needs the role query.
         */
        readonly get: operations["getEventsStream"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/cadf/v1/subscriptions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List subscriptions
         * @description Those of the caller; an admin also finds those of its tenants.
         *
         *     Needs the role query or export or admin.
         */
        readonly get: operations["getSubscriptions"];
        readonly put?: never;
        /**
         * Subscribe
         * @description Events that pass the filter are carried to the receiver, in order and at least once, within what the calling key may read at the time of each delivery. At most 200 of one owner.
         *
         *     Needs the role query or export.
         */
        readonly post: operations["postSubscriptions"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/cadf/v1/subscriptions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read a subscription
         * @description What it is, without its secrets, and how far it has come.
         *
         *     Needs the role query or export or admin.
         */
        readonly get: operations["getSubscriptionsById"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a subscription
         * @description Nothing is delivered any more, and what was not is not kept for it. Its owner may, and an admin of all its tenants.
         *
         *     Needs the role query or export or admin.
         */
        readonly delete: operations["deleteSubscriptionsById"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a subscription
         * @description What the body names is replaced as a whole, null takes away, all else stays. Only its owner may. With another filter it goes on from where it is. Which members there are, its type says; its type, tenant, source, topic and brokers are for good.
         *
         *     Needs the role query or export.
         */
        readonly patch: operations["patchSubscriptionsById"];
        readonly trace?: never;
    };
    readonly "/cadf/v1/subscriptions/{id}/pause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Pause a subscription
         * @description Nothing is delivered until it is resumed; what comes meanwhile is delivered then. Its owner may, and an admin of all its tenants.
         *
         *     Needs the role query or export or admin.
         */
        readonly post: operations["postSubscriptionsByIdPause"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/cadf/v1/subscriptions/{id}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Resume a subscription
         * @description One that is paused, parked or ended goes on where it stopped, at once: nothing was dropped. Only its owner may, or an admin of all its tenants.
         *
         *     Needs the role query or export or admin.
         */
        readonly post: operations["postSubscriptionsByIdResume"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/cadf/v1/subscriptions/{id}/replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Deliver again from a time or a cursor
         * @description What it had in hand is let go, and it starts anew from there, also when it was parked or had ended; one that is paused waits for its resume. Batches get new ids. Only its owner may.
         *
         *     Needs the role query or export.
         */
        readonly post: operations["postSubscriptionsByIdReplay"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/cadf/v1/subscriptions/{id}/rotate-secret": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Sign with another secret
         * @description Of a webhook. Requests are signed with the new secret and with those of before until they expire, so that the receiver can change over in between. Only its owner may.
         *
         *     Needs the role query or export.
         */
        readonly post: operations["postSubscriptionsByIdRotateSecret"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/cadf/v1/subscriptions/{id}/deliveries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read the delivery log of a subscription
         * @description The last 100 attempts at most. What the receiver wrote, its owner alone is shown.
         *
         *     Needs the role query or export or admin.
         */
        readonly get: operations["getSubscriptionsByIdDeliveries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/cadf/v1/subscriptions/{id}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a test to the receiver
         * @description One made-up event, marked as a test, signed and sent as all others are, once, whatever the state of the subscription; the answer says what the receiver said. Only its owner may.
         *
         *     Needs the role query or export.
         */
        readonly post: operations["postSubscriptionsByIdTest"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly getEvents: {
        readonly parameters: {
            readonly query?: {
                /** @description Only events that pass, such as `outcome = 'failure' and initiator/host/address in cidr('10.0.0.0/8')`; at most 8192 bytes. The language is in docs/query.md. */
                readonly filter?: string;
                /** @description Events whose eventTime is at or after this time. RFC 3339 with a zone. */
                readonly from?: string;
                /** @description Events whose eventTime is before this time. RFC 3339 with a zone. */
                readonly to?: string;
                /** @description Only events of this tenant, within what the key may see. */
                readonly tenant?: string;
                /** @description Only events of this source. */
                readonly source?: string;
                /** @description `merged` (default): each event once, the last version whose outcome is not `pending`. `all`: every version. */
                readonly versions?: "merged" | "all";
                /** @description Id of a saved query (`/cadf/v1/saved-queries`): its filter, and where this request says nothing else, its other parameters. `filter` narrows it. Values of its parameters: in a query string `param.<name>=value`, repeated for a list; in a body `parameters`. */
                readonly saved?: string;
                /** @description By eventTime; default `desc`. */
                readonly order?: "desc" | "asc";
                /** @description Events per page; default 100. `all`: the whole result in one answer, sent as it is read from one snapshot; not as JSON. */
                readonly limit?: number | "all";
                /** @description Where to go on: from the page before. Left out: the first page. */
                readonly cursor?: string;
                /** @description Only these members of each event: paths such as `initiator/host/address`, as filters have them. They stay in their place; lists on the way are kept with what was found in their elements; what an event does not have is absent. With commas between. */
                readonly fields?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The events. Where more follow, the JSON form says how to go on; the others have the cursor in `Cadf-Next-Cursor` and, for GET, the next page in `Link`. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly events: readonly {
                            readonly [key: string]: unknown;
                        }[];
                        /** @description Path and query of the next page; absent on the last. */
                        readonly next?: string;
                    };
                    readonly "application/x-ndjson": string;
                    readonly "text/csv": string;
                    readonly "application/xml": string;
                };
            };
            /** @description An asynchronous query */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly status: "queued" | "running" | "done" | "failed" | "cancelled";
                        /** @description RFC 3339, ms */
                        readonly created: string;
                        /** @description RFC 3339, ms */
                        readonly started?: string;
                        /** @description RFC 3339, ms */
                        readonly ended?: string;
                        readonly progress: {
                            /** @description How many of them were gone through, estimated while it runs */
                            readonly rowsRead: number;
                            /** @description Versions in the range of time that the key sees */
                            readonly rowsTotal: number;
                            /** @description Since it began to run */
                            readonly seconds: number;
                        };
                        /** @description Found so far */
                        readonly events: number;
                        /** @description Of the result as kept */
                        readonly bytes: number;
                        /** @description Path of the result, once it is done */
                        readonly result?: string;
                        /** @description Where `limit` was reached: the cursor with which the query goes on */
                        readonly cursor?: string;
                        /** @description Why it failed */
                        readonly failure?: {
                            readonly code: string;
                            readonly title: string;
                            readonly detail: string;
                        };
                    };
                };
            };
        };
    };
    readonly postEvents: {
        readonly parameters: {
            readonly query?: {
                /** @description Rules the events must pass; default `openstack`. See docs/profiles.md. */
                readonly profile?: "strict" | "openstack" | "ibm" | "lenient";
                /** @description The source to submit as, where the key leaves the choice. */
                readonly source?: string;
                /** @description List accepted events too. */
                readonly results?: "all";
            };
            readonly header?: {
                /** @description The same key with the same body gets the same answer for 24 hours. */
                readonly "idempotency-key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": ({
                    /** @description Globally unique: the same event may come again. */
                    readonly id?: string;
                    readonly typeURI?: string;
                    /** @description `activity`, `monitor` or `control`. */
                    readonly eventType?: string;
                    /** @description ISO 8601 with a zone. */
                    readonly eventTime?: string;
                    /** @description What was done: a path of the action taxonomy. */
                    readonly action?: string;
                    /** @description `success`, `failure`, `unknown` or `pending`. */
                    readonly outcome?: string;
                } & {
                    readonly [key: string]: unknown;
                }) | readonly ({
                    /** @description Globally unique: the same event may come again. */
                    readonly id?: string;
                    readonly typeURI?: string;
                    /** @description `activity`, `monitor` or `control`. */
                    readonly eventType?: string;
                    /** @description ISO 8601 with a zone. */
                    readonly eventTime?: string;
                    /** @description What was done: a path of the action taxonomy. */
                    readonly action?: string;
                    /** @description `success`, `failure`, `unknown` or `pending`. */
                    readonly outcome?: string;
                } & {
                    readonly [key: string]: unknown;
                })[];
                readonly "application/x-ndjson": string;
                readonly "application/xml": string;
                readonly "application/cloudevents+json": {
                    /** @enum {unknown} */
                    readonly specversion: "1.0";
                    readonly id: string;
                    readonly source: string;
                    readonly type: string;
                    /** @description The CADF event. */
                    readonly data: Record<string, never>;
                } & {
                    readonly [key: string]: unknown;
                };
                readonly "application/cloudevents-batch+json": readonly ({
                    /** @enum {unknown} */
                    readonly specversion: "1.0";
                    readonly id: string;
                    readonly source: string;
                    readonly type: string;
                    /** @description The CADF event. */
                    readonly data: Record<string, never>;
                } & {
                    readonly [key: string]: unknown;
                })[];
            };
        };
        readonly responses: {
            /** @description What was taken, and what was not */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Events now durable in the stream. */
                        readonly accepted: number;
                        /** @description Events recognised as taken before. */
                        readonly duplicates: number;
                        /** @description Events not taken; `results` says why. */
                        readonly rejected: number;
                        /** @description Raw records kept as dead letters. */
                        readonly deadLettered?: number;
                        /** @description Raw records without interest to an audit. */
                        readonly ignored?: number;
                        /** @description What was not accepted; everything with `?results=all`. */
                        readonly results: readonly {
                            /** @description Place in the request, from 0. */
                            readonly index: number;
                            /** @description The event's id, where it could be read. */
                            readonly id?: string;
                            /** @enum {string} */
                            readonly status: "accepted" | "duplicate" | "rejected" | "dead-lettered" | "ignored";
                            /** @description Why it was not accepted; see docs/errors.md. */
                            readonly code?: string;
                            /** @description What is wrong and how to mend it. */
                            readonly detail?: string;
                            /** @description JSON Pointer of the fault within the event. */
                            readonly path?: string;
                        }[];
                        /** @description Set when an answer repeated for an Idempotency-Key lost its long list. */
                        readonly resultsOmitted?: boolean;
                    };
                };
            };
        };
    };
    readonly getEventsById: {
        readonly parameters: {
            readonly query?: {
                /** @description `merged` (default): each event once, the last version whose outcome is not `pending`. `all`: every version. */
                readonly versions?: "merged" | "all";
                /** @description The source, where several have an event of this id. */
                readonly source?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description The CADF id, percent-encoded. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The event; with `versions=all` its versions */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly events: readonly {
                            readonly [key: string]: unknown;
                        }[];
                    } | ({
                        readonly id: string;
                        readonly eventTime: string;
                    } & {
                        readonly [key: string]: unknown;
                    });
                };
            };
        };
    };
    readonly getCount: {
        readonly parameters: {
            readonly query?: {
                /** @description Only events that pass, such as `outcome = 'failure' and initiator/host/address in cidr('10.0.0.0/8')`; at most 8192 bytes. The language is in docs/query.md. */
                readonly filter?: string;
                /** @description Events whose eventTime is at or after this time. RFC 3339 with a zone. */
                readonly from?: string;
                /** @description Events whose eventTime is before this time. RFC 3339 with a zone. */
                readonly to?: string;
                /** @description Only events of this tenant, within what the key may see. */
                readonly tenant?: string;
                /** @description Only events of this source. */
                readonly source?: string;
                /** @description `merged` (default): each event once, the last version whose outcome is not `pending`. `all`: every version. */
                readonly versions?: "merged" | "all";
                /** @description Id of a saved query (`/cadf/v1/saved-queries`): its filter, and where this request says nothing else, its other parameters. `filter` narrows it. Values of its parameters: in a query string `param.<name>=value`, repeated for a list; in a body `parameters`. */
                readonly saved?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description How many */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Each event once, whatever was repeated. */
                        readonly count: number;
                    };
                };
            };
        };
    };
    readonly getEventsStream: {
        readonly parameters: {
            readonly query?: {
                /** @description Only events that pass, such as `outcome = 'failure' and initiator/host/address in cidr('10.0.0.0/8')`; at most 8192 bytes. The language is in docs/query.md. */
                readonly filter?: string;
                /** @description Only events of this tenant, within what the key may see. */
                readonly tenant?: string;
                /** @description Only events of this source. */
                readonly source?: string;
                /** @description Id of a saved query (`/cadf/v1/saved-queries`): its filter, and where this request says nothing else, its other parameters. `filter` narrows it. Values of its parameters: in a query string `param.<name>=value`, repeated for a list; in a body `parameters`. */
                readonly saved?: string;
                /** @description Begin with the events that are stored already and whose eventTime is at or after this time, in the order in which they were accepted; then everything that is accepted from then on, whatever its eventTime. RFC 3339 with a zone. Left out: from now on. */
                readonly from?: string;
                /** @description Go on after the event, or the heartbeat, that had this id, with the same `filter`, `tenant` and `source`. Not together with `from`. */
                readonly cursor?: string;
            };
            readonly header?: {
                /** @description The last `id` that was received: a browser sends it by itself when it connects again. It wins over `cursor` and `from`. */
                readonly "last-event-id"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The events, without an end */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
        };
    };
    readonly getSubscriptions: {
        readonly parameters: {
            readonly query?: {
                /** @description Most items */
                readonly limit?: number;
                /** @description Only items with an id after this one */
                readonly after?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page, ordered by id */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly id: string;
                            /**
                             * @description Where it carries events to
                             * @enum {unknown}
                             */
                            readonly type: "webhook" | "kafka" | "syslog";
                            /** @description For people */
                            readonly name?: string;
                            /** @description As in GET /cadf/v1/events. Left out: all that the owner may see */
                            readonly filter?: string;
                            /** @description Only events of this tenant, which the owner has to reach */
                            readonly tenant?: string;
                            /** @description Only events of this source */
                            readonly source?: string;
                            /** @description Of a webhook; others than the owner are shown its origin alone */
                            readonly url?: string;
                            /** @description SHA-256 of the whole URL, hex, for others than the owner */
                            readonly urlDigest?: string;
                            /** @description Those that sign the requests of a webhook, the newest first; never the secrets themselves */
                            readonly secrets?: readonly {
                                readonly id: string;
                                /** @description Of the Ed25519 signatures (`v1a`); the receiver checks them with it */
                                readonly publicKey: string;
                                /** @description RFC 3339, UTC */
                                readonly created: string;
                                /** @description RFC 3339, UTC */
                                readonly expires?: string;
                            }[];
                            /** @description The topic that events are written to; it has to exist. None of the pipeline itself */
                            readonly topic?: string;
                            /** @description Brokers to start from, `host:port`. Left out: the cluster of the pipeline */
                            readonly brokers?: readonly string[];
                            /** @description TLS to the brokers */
                            readonly tls?: {
                                /** @description PEM */
                                readonly ca?: string;
                                /** @description PEM */
                                readonly cert?: string;
                            };
                            /** @description How it is proved to the brokers who writes */
                            readonly sasl?: {
                                /**
                                 * @description How the user is proved
                                 * @enum {unknown}
                                 */
                                readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
                                /** @description The user */
                                readonly username: string;
                            };
                            /** @description Name or address of the receiver */
                            readonly host?: string;
                            /** @description Its port */
                            readonly port?: number;
                            /**
                             * @description `tcp`: RFC 6587 with octet counting. `tls`: RFC 5425
                             * @enum {unknown}
                             */
                            readonly transport?: "tcp" | "tls";
                            /** @description PEM */
                            readonly ca?: string;
                            /** @description Most bytes of the message of one event, behind a header of a few hundred; default 65,536. A larger event is sent as its core (`json`) or cut (`cef`) */
                            readonly maxMessageBytes?: number;
                            /**
                             * @description Left out: the default of its type
                             * @enum {unknown}
                             */
                            readonly format?: "cadf-json" | "cadf-ndjson" | "cloudevents" | "cloudevents-batch" | "cadf" | "cef" | "json";
                            /** @description How many events are carried together */
                            readonly batch?: {
                                /** @description Most events of one batch; default 500 */
                                readonly maxEvents?: number;
                                /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                                readonly maxBytes?: number;
                                /** @description Milliseconds an event waits for others of its batch; default 250 */
                                readonly maxWaitMs?: number;
                            };
                            /** @description The API key that made it */
                            readonly owner: {
                                /** @enum {string} */
                                readonly kind: "key";
                                readonly id: string;
                                readonly name: string;
                            };
                            /** @description Whether the caller owns it, and so may change it */
                            readonly mine: boolean;
                            readonly paused: boolean;
                            /** @description One more with each replay */
                            readonly generation: number;
                            /** @description How far it has come */
                            readonly delivery: {
                                /**
                                 * @description `active`: delivers. `paused`: its owner or an administrator wants nothing delivered. `waiting`: it cannot be delivered now, `reason` says why (such as the key of its owner being revoked or changed, or no process to deliver it); goes on by itself when it can. `parked`: the receiver failed for the whole schedule; nothing is lost, resume it. `ended`: the receiver wants no more (HTTP 410).
                                 * @enum {unknown}
                                 */
                                readonly state: "active" | "paused" | "waiting" | "parked" | "ended";
                                /** @description Of `waiting`: why nothing is delivered, and how to mend it */
                                readonly reason?: string;
                                /** @description Where it goes on: a stream or another subscription can start from there */
                                readonly cursor?: string;
                                /** @description Events delivered since it was made or replayed */
                                readonly delivered: number;
                                /** @description RFC 3339, ms */
                                readonly lastDelivered?: string;
                                /** @description Whether it still reads what was accepted a while ago; left out: nothing was read yet */
                                readonly catchingUp?: boolean;
                                /** @description RFC 3339, ms: when the first event of the batch in delivery was received; none: no batch is */
                                readonly oldestUndelivered?: string;
                                /** @description How far it is behind: the age of the oldest event in delivery; while it catches up without one, of the last that was delivered; 0: it has all. Left out where that is not known */
                                readonly behindSeconds?: number;
                                /** @description Of the last attempt that failed */
                                readonly lastFailure?: {
                                    /** @description RFC 3339, ms */
                                    readonly at: string;
                                    /** @description What went wrong and how to mend it */
                                    readonly reason: string;
                                    /** @description What the receiver said */
                                    readonly answer?: {
                                        /** @description HTTP status */
                                        readonly status?: number;
                                        /** @description The beginning of what it said */
                                        readonly text?: string;
                                    };
                                };
                                /** @description RFC 3339, ms: when the batch that failed is sent again, or the store is asked again */
                                readonly nextAttempt?: string;
                            };
                            /** @description RFC 3339, UTC */
                            readonly created: string;
                            /** @description RFC 3339, ms */
                            readonly changed: string;
                            /** @description The ETag */
                            readonly version: number;
                        }[];
                        /** @description `after` of the next page */
                        readonly next?: string;
                    };
                };
            };
        };
    };
    readonly postSubscriptions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @enum {string} */
                    readonly type: "webhook";
                    /** @description For people */
                    readonly name?: string;
                    /** @description As in GET /cadf/v1/events. Left out: all that the owner may see */
                    readonly filter?: string;
                    /** @description Only events of this tenant, which the owner has to reach */
                    readonly tenant?: string;
                    /** @description Only events of this source */
                    readonly source?: string;
                    /** @description A time with its zone: all stored events whose eventTime is at or after it, in the order of acceptance, then everything that comes */
                    readonly from?: string;
                    /** @description A place that a stream or a delivery for the same filter, tenant and source gave: what comes after it */
                    readonly cursor?: string;
                    /** @description Where batches are sent with POST; no user or password in it, no fragment */
                    readonly url: string;
                    /** @description The key of the HMAC signatures (`v1`): `whsec_` and base64, or text, of 24 to 64 bytes. Left out: a new one is made */
                    readonly secret?: string;
                    /**
                     * @description Of the body: `cadf-json` (default) an array of CADF events, `cadf-ndjson` one in each line, `cloudevents` one structured CloudEvent per request, `cloudevents-batch` an array of them
                     * @enum {unknown}
                     */
                    readonly format?: "cadf-json" | "cadf-ndjson" | "cloudevents" | "cloudevents-batch";
                    /** @description How many events are carried together */
                    readonly batch?: {
                        /** @description Most events of one batch; default 500 */
                        readonly maxEvents?: number;
                        /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                        readonly maxBytes?: number;
                        /** @description Milliseconds an event waits for others of its batch; default 250 */
                        readonly maxWaitMs?: number;
                    };
                } | {
                    /** @enum {string} */
                    readonly type: "kafka";
                    /** @description For people */
                    readonly name?: string;
                    /** @description As in GET /cadf/v1/events. Left out: all that the owner may see */
                    readonly filter?: string;
                    /** @description Only events of this tenant, which the owner has to reach */
                    readonly tenant?: string;
                    /** @description Only events of this source */
                    readonly source?: string;
                    /** @description A time with its zone: all stored events whose eventTime is at or after it, in the order of acceptance, then everything that comes */
                    readonly from?: string;
                    /** @description A place that a stream or a delivery for the same filter, tenant and source gave: what comes after it */
                    readonly cursor?: string;
                    /** @description The topic that events are written to; it has to exist. None of the pipeline itself */
                    readonly topic: string;
                    /** @description Brokers to start from, `host:port`. Left out: the cluster of the pipeline */
                    readonly brokers?: readonly string[];
                    /** @description TLS to the brokers; `{}` for TLS without more */
                    readonly tls?: {
                        /** @description PEM: the authorities a broker is believed from; left out: those that Node.js knows */
                        readonly ca?: string;
                        /** @description PEM: the certificate to be known by, with `key` */
                        readonly cert?: string;
                        /** @description PEM: the private key of `cert`. Never shown */
                        readonly key?: string;
                    };
                    /** @description How to prove who writes */
                    readonly sasl?: {
                        /**
                         * @description How the user is proved
                         * @enum {unknown}
                         */
                        readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
                        /** @description The user of the brokers */
                        readonly username: string;
                        /** @description Never shown */
                        readonly password: string;
                    };
                    /**
                     * @description Of the records: `cadf` (default) the CADF event as JSON, `cloudevents` in binary mode with `ce_` headers
                     * @enum {unknown}
                     */
                    readonly format?: "cadf" | "cloudevents";
                    /** @description How many events are carried together */
                    readonly batch?: {
                        /** @description Most events of one batch; default 500 */
                        readonly maxEvents?: number;
                        /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                        readonly maxBytes?: number;
                        /** @description Milliseconds an event waits for others of its batch; default 250 */
                        readonly maxWaitMs?: number;
                    };
                } | {
                    /** @enum {string} */
                    readonly type: "syslog";
                    /** @description For people */
                    readonly name?: string;
                    /** @description As in GET /cadf/v1/events. Left out: all that the owner may see */
                    readonly filter?: string;
                    /** @description Only events of this tenant, which the owner has to reach */
                    readonly tenant?: string;
                    /** @description Only events of this source */
                    readonly source?: string;
                    /** @description A time with its zone: all stored events whose eventTime is at or after it, in the order of acceptance, then everything that comes */
                    readonly from?: string;
                    /** @description A place that a stream or a delivery for the same filter, tenant and source gave: what comes after it */
                    readonly cursor?: string;
                    /** @description Name or address of the receiver */
                    readonly host: string;
                    /** @description Its port */
                    readonly port: number;
                    /**
                     * @description `tcp`: RFC 6587 with octet counting. `tls`: RFC 5425
                     * @enum {unknown}
                     */
                    readonly transport: "tcp" | "tls";
                    /** @description PEM: the authorities the receiver is believed from; left out: those that Node.js knows */
                    readonly ca?: string;
                    /**
                     * @description Of the message: `cef` for SIEMs, `json` the CADF event
                     * @enum {unknown}
                     */
                    readonly format: "cef" | "json";
                    /** @description Most bytes of the message of one event, behind a header of a few hundred; default 65,536. A larger event is sent as its core (`json`) or cut (`cef`) */
                    readonly maxMessageBytes?: number;
                    /** @description How many events are carried together */
                    readonly batch?: {
                        /** @description Most events of one batch; default 500 */
                        readonly maxEvents?: number;
                        /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                        readonly maxBytes?: number;
                        /** @description Milliseconds an event waits for others of its batch; default 250 */
                        readonly maxWaitMs?: number;
                    };
                };
            };
        };
        readonly responses: {
            /** @description The subscription, and its secret */
            readonly 201: {
                headers: {
                    /** @description The version, for If-Match */
                    readonly ETag?: string;
                    /** @description Where it is */
                    readonly Location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /**
                         * @description Where it carries events to
                         * @enum {unknown}
                         */
                        readonly type: "webhook" | "kafka" | "syslog";
                        /** @description For people */
                        readonly name?: string;
                        /** @description As in GET /cadf/v1/events. Left out: all that the owner may see */
                        readonly filter?: string;
                        /** @description Only events of this tenant, which the owner has to reach */
                        readonly tenant?: string;
                        /** @description Only events of this source */
                        readonly source?: string;
                        /** @description Of a webhook; others than the owner are shown its origin alone */
                        readonly url?: string;
                        /** @description SHA-256 of the whole URL, hex, for others than the owner */
                        readonly urlDigest?: string;
                        /** @description Those that sign the requests of a webhook, the newest first; never the secrets themselves */
                        readonly secrets?: readonly {
                            readonly id: string;
                            /** @description Of the Ed25519 signatures (`v1a`); the receiver checks them with it */
                            readonly publicKey: string;
                            /** @description RFC 3339, UTC */
                            readonly created: string;
                            /** @description RFC 3339, UTC */
                            readonly expires?: string;
                        }[];
                        /** @description The topic that events are written to; it has to exist. None of the pipeline itself */
                        readonly topic?: string;
                        /** @description Brokers to start from, `host:port`. Left out: the cluster of the pipeline */
                        readonly brokers?: readonly string[];
                        /** @description TLS to the brokers */
                        readonly tls?: {
                            /** @description PEM */
                            readonly ca?: string;
                            /** @description PEM */
                            readonly cert?: string;
                        };
                        /** @description How it is proved to the brokers who writes */
                        readonly sasl?: {
                            /**
                             * @description How the user is proved
                             * @enum {unknown}
                             */
                            readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
                            /** @description The user */
                            readonly username: string;
                        };
                        /** @description Name or address of the receiver */
                        readonly host?: string;
                        /** @description Its port */
                        readonly port?: number;
                        /**
                         * @description `tcp`: RFC 6587 with octet counting. `tls`: RFC 5425
                         * @enum {unknown}
                         */
                        readonly transport?: "tcp" | "tls";
                        /** @description PEM */
                        readonly ca?: string;
                        /** @description Most bytes of the message of one event, behind a header of a few hundred; default 65,536. A larger event is sent as its core (`json`) or cut (`cef`) */
                        readonly maxMessageBytes?: number;
                        /**
                         * @description Left out: the default of its type
                         * @enum {unknown}
                         */
                        readonly format?: "cadf-json" | "cadf-ndjson" | "cloudevents" | "cloudevents-batch" | "cadf" | "cef" | "json";
                        /** @description How many events are carried together */
                        readonly batch?: {
                            /** @description Most events of one batch; default 500 */
                            readonly maxEvents?: number;
                            /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                            readonly maxBytes?: number;
                            /** @description Milliseconds an event waits for others of its batch; default 250 */
                            readonly maxWaitMs?: number;
                        };
                        /** @description The API key that made it */
                        readonly owner: {
                            /** @enum {string} */
                            readonly kind: "key";
                            readonly id: string;
                            readonly name: string;
                        };
                        /** @description Whether the caller owns it, and so may change it */
                        readonly mine: boolean;
                        readonly paused: boolean;
                        /** @description One more with each replay */
                        readonly generation: number;
                        /** @description How far it has come */
                        readonly delivery: {
                            /**
                             * @description `active`: delivers. `paused`: its owner or an administrator wants nothing delivered. `waiting`: it cannot be delivered now, `reason` says why (such as the key of its owner being revoked or changed, or no process to deliver it); goes on by itself when it can. `parked`: the receiver failed for the whole schedule; nothing is lost, resume it. `ended`: the receiver wants no more (HTTP 410).
                             * @enum {unknown}
                             */
                            readonly state: "active" | "paused" | "waiting" | "parked" | "ended";
                            /** @description Of `waiting`: why nothing is delivered, and how to mend it */
                            readonly reason?: string;
                            /** @description Where it goes on: a stream or another subscription can start from there */
                            readonly cursor?: string;
                            /** @description Events delivered since it was made or replayed */
                            readonly delivered: number;
                            /** @description RFC 3339, ms */
                            readonly lastDelivered?: string;
                            /** @description Whether it still reads what was accepted a while ago; left out: nothing was read yet */
                            readonly catchingUp?: boolean;
                            /** @description RFC 3339, ms: when the first event of the batch in delivery was received; none: no batch is */
                            readonly oldestUndelivered?: string;
                            /** @description How far it is behind: the age of the oldest event in delivery; while it catches up without one, of the last that was delivered; 0: it has all. Left out where that is not known */
                            readonly behindSeconds?: number;
                            /** @description Of the last attempt that failed */
                            readonly lastFailure?: {
                                /** @description RFC 3339, ms */
                                readonly at: string;
                                /** @description What went wrong and how to mend it */
                                readonly reason: string;
                                /** @description What the receiver said */
                                readonly answer?: {
                                    /** @description HTTP status */
                                    readonly status?: number;
                                    /** @description The beginning of what it said */
                                    readonly text?: string;
                                };
                            };
                            /** @description RFC 3339, ms: when the batch that failed is sent again, or the store is asked again */
                            readonly nextAttempt?: string;
                        };
                        /** @description RFC 3339, UTC */
                        readonly created: string;
                        /** @description RFC 3339, ms */
                        readonly changed: string;
                        /** @description The ETag */
                        readonly version: number;
                        /** @description Of the HMAC signatures of a webhook: shown now and never again */
                        readonly secret?: string;
                        /** @description Of its Ed25519 signatures; also in `secrets`, the first */
                        readonly publicKey?: string;
                    };
                };
            };
        };
    };
    readonly getSubscriptionsById: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description As listed; percent-encoded */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The subscription */
            readonly 200: {
                headers: {
                    /** @description The version, for If-Match */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /**
                         * @description Where it carries events to
                         * @enum {unknown}
                         */
                        readonly type: "webhook" | "kafka" | "syslog";
                        /** @description For people */
                        readonly name?: string;
                        /** @description As in GET /cadf/v1/events. Left out: all that the owner may see */
                        readonly filter?: string;
                        /** @description Only events of this tenant, which the owner has to reach */
                        readonly tenant?: string;
                        /** @description Only events of this source */
                        readonly source?: string;
                        /** @description Of a webhook; others than the owner are shown its origin alone */
                        readonly url?: string;
                        /** @description SHA-256 of the whole URL, hex, for others than the owner */
                        readonly urlDigest?: string;
                        /** @description Those that sign the requests of a webhook, the newest first; never the secrets themselves */
                        readonly secrets?: readonly {
                            readonly id: string;
                            /** @description Of the Ed25519 signatures (`v1a`); the receiver checks them with it */
                            readonly publicKey: string;
                            /** @description RFC 3339, UTC */
                            readonly created: string;
                            /** @description RFC 3339, UTC */
                            readonly expires?: string;
                        }[];
                        /** @description The topic that events are written to; it has to exist. None of the pipeline itself */
                        readonly topic?: string;
                        /** @description Brokers to start from, `host:port`. Left out: the cluster of the pipeline */
                        readonly brokers?: readonly string[];
                        /** @description TLS to the brokers */
                        readonly tls?: {
                            /** @description PEM */
                            readonly ca?: string;
                            /** @description PEM */
                            readonly cert?: string;
                        };
                        /** @description How it is proved to the brokers who writes */
                        readonly sasl?: {
                            /**
                             * @description How the user is proved
                             * @enum {unknown}
                             */
                            readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
                            /** @description The user */
                            readonly username: string;
                        };
                        /** @description Name or address of the receiver */
                        readonly host?: string;
                        /** @description Its port */
                        readonly port?: number;
                        /**
                         * @description `tcp`: RFC 6587 with octet counting. `tls`: RFC 5425
                         * @enum {unknown}
                         */
                        readonly transport?: "tcp" | "tls";
                        /** @description PEM */
                        readonly ca?: string;
                        /** @description Most bytes of the message of one event, behind a header of a few hundred; default 65,536. A larger event is sent as its core (`json`) or cut (`cef`) */
                        readonly maxMessageBytes?: number;
                        /**
                         * @description Left out: the default of its type
                         * @enum {unknown}
                         */
                        readonly format?: "cadf-json" | "cadf-ndjson" | "cloudevents" | "cloudevents-batch" | "cadf" | "cef" | "json";
                        /** @description How many events are carried together */
                        readonly batch?: {
                            /** @description Most events of one batch; default 500 */
                            readonly maxEvents?: number;
                            /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                            readonly maxBytes?: number;
                            /** @description Milliseconds an event waits for others of its batch; default 250 */
                            readonly maxWaitMs?: number;
                        };
                        /** @description The API key that made it */
                        readonly owner: {
                            /** @enum {string} */
                            readonly kind: "key";
                            readonly id: string;
                            readonly name: string;
                        };
                        /** @description Whether the caller owns it, and so may change it */
                        readonly mine: boolean;
                        readonly paused: boolean;
                        /** @description One more with each replay */
                        readonly generation: number;
                        /** @description How far it has come */
                        readonly delivery: {
                            /**
                             * @description `active`: delivers. `paused`: its owner or an administrator wants nothing delivered. `waiting`: it cannot be delivered now, `reason` says why (such as the key of its owner being revoked or changed, or no process to deliver it); goes on by itself when it can. `parked`: the receiver failed for the whole schedule; nothing is lost, resume it. `ended`: the receiver wants no more (HTTP 410).
                             * @enum {unknown}
                             */
                            readonly state: "active" | "paused" | "waiting" | "parked" | "ended";
                            /** @description Of `waiting`: why nothing is delivered, and how to mend it */
                            readonly reason?: string;
                            /** @description Where it goes on: a stream or another subscription can start from there */
                            readonly cursor?: string;
                            /** @description Events delivered since it was made or replayed */
                            readonly delivered: number;
                            /** @description RFC 3339, ms */
                            readonly lastDelivered?: string;
                            /** @description Whether it still reads what was accepted a while ago; left out: nothing was read yet */
                            readonly catchingUp?: boolean;
                            /** @description RFC 3339, ms: when the first event of the batch in delivery was received; none: no batch is */
                            readonly oldestUndelivered?: string;
                            /** @description How far it is behind: the age of the oldest event in delivery; while it catches up without one, of the last that was delivered; 0: it has all. Left out where that is not known */
                            readonly behindSeconds?: number;
                            /** @description Of the last attempt that failed */
                            readonly lastFailure?: {
                                /** @description RFC 3339, ms */
                                readonly at: string;
                                /** @description What went wrong and how to mend it */
                                readonly reason: string;
                                /** @description What the receiver said */
                                readonly answer?: {
                                    /** @description HTTP status */
                                    readonly status?: number;
                                    /** @description The beginning of what it said */
                                    readonly text?: string;
                                };
                            };
                            /** @description RFC 3339, ms: when the batch that failed is sent again, or the store is asked again */
                            readonly nextAttempt?: string;
                        };
                        /** @description RFC 3339, UTC */
                        readonly created: string;
                        /** @description RFC 3339, ms */
                        readonly changed: string;
                        /** @description The ETag */
                        readonly version: number;
                    };
                };
            };
        };
    };
    readonly deleteSubscriptionsById: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The ETag it must still have */
                readonly "if-match"?: string;
            };
            readonly path: {
                /** @description As listed; percent-encoded */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is gone */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly patchSubscriptionsById: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The ETag it must still have */
                readonly "if-match"?: string;
            };
            readonly path: {
                /** @description As listed; percent-encoded */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name?: string | null;
                    readonly filter?: string | null;
                    /** @description Whether nothing is delivered for now */
                    readonly paused?: boolean;
                    readonly format?: ("cadf-json" | "cadf-ndjson" | "cloudevents" | "cloudevents-batch" | "cadf" | "cef" | "json") | null;
                    readonly batch?: {
                        /** @description Most events of one batch; default 500 */
                        readonly maxEvents?: number;
                        /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                        readonly maxBytes?: number;
                        /** @description Milliseconds an event waits for others of its batch; default 250 */
                        readonly maxWaitMs?: number;
                    } | null;
                    /** @description Where batches are sent with POST; no user or password in it, no fragment */
                    readonly url?: string;
                    readonly tls?: {
                        /** @description PEM: the authorities a broker is believed from; left out: those that Node.js knows */
                        readonly ca?: string;
                        /** @description PEM: the certificate to be known by, with `key` */
                        readonly cert?: string;
                        /** @description PEM: the private key of `cert`. Never shown */
                        readonly key?: string;
                    } | null;
                    readonly sasl?: {
                        /**
                         * @description How the user is proved
                         * @enum {unknown}
                         */
                        readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
                        /** @description The user of the brokers */
                        readonly username: string;
                        /** @description Never shown */
                        readonly password: string;
                    } | null;
                    /** @description Name or address of the receiver */
                    readonly host?: string;
                    /** @description Its port */
                    readonly port?: number;
                    /**
                     * @description `tcp`: RFC 6587 with octet counting. `tls`: RFC 5425
                     * @enum {unknown}
                     */
                    readonly transport?: "tcp" | "tls";
                    readonly ca?: string | null;
                    readonly maxMessageBytes?: number | null;
                };
            };
        };
        readonly responses: {
            /** @description The subscription */
            readonly 200: {
                headers: {
                    /** @description The version, for If-Match */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /**
                         * @description Where it carries events to
                         * @enum {unknown}
                         */
                        readonly type: "webhook" | "kafka" | "syslog";
                        /** @description For people */
                        readonly name?: string;
                        /** @description As in GET /cadf/v1/events. Left out: all that the owner may see */
                        readonly filter?: string;
                        /** @description Only events of this tenant, which the owner has to reach */
                        readonly tenant?: string;
                        /** @description Only events of this source */
                        readonly source?: string;
                        /** @description Of a webhook; others than the owner are shown its origin alone */
                        readonly url?: string;
                        /** @description SHA-256 of the whole URL, hex, for others than the owner */
                        readonly urlDigest?: string;
                        /** @description Those that sign the requests of a webhook, the newest first; never the secrets themselves */
                        readonly secrets?: readonly {
                            readonly id: string;
                            /** @description Of the Ed25519 signatures (`v1a`); the receiver checks them with it */
                            readonly publicKey: string;
                            /** @description RFC 3339, UTC */
                            readonly created: string;
                            /** @description RFC 3339, UTC */
                            readonly expires?: string;
                        }[];
                        /** @description The topic that events are written to; it has to exist. None of the pipeline itself */
                        readonly topic?: string;
                        /** @description Brokers to start from, `host:port`. Left out: the cluster of the pipeline */
                        readonly brokers?: readonly string[];
                        /** @description TLS to the brokers */
                        readonly tls?: {
                            /** @description PEM */
                            readonly ca?: string;
                            /** @description PEM */
                            readonly cert?: string;
                        };
                        /** @description How it is proved to the brokers who writes */
                        readonly sasl?: {
                            /**
                             * @description How the user is proved
                             * @enum {unknown}
                             */
                            readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
                            /** @description The user */
                            readonly username: string;
                        };
                        /** @description Name or address of the receiver */
                        readonly host?: string;
                        /** @description Its port */
                        readonly port?: number;
                        /**
                         * @description `tcp`: RFC 6587 with octet counting. `tls`: RFC 5425
                         * @enum {unknown}
                         */
                        readonly transport?: "tcp" | "tls";
                        /** @description PEM */
                        readonly ca?: string;
                        /** @description Most bytes of the message of one event, behind a header of a few hundred; default 65,536. A larger event is sent as its core (`json`) or cut (`cef`) */
                        readonly maxMessageBytes?: number;
                        /**
                         * @description Left out: the default of its type
                         * @enum {unknown}
                         */
                        readonly format?: "cadf-json" | "cadf-ndjson" | "cloudevents" | "cloudevents-batch" | "cadf" | "cef" | "json";
                        /** @description How many events are carried together */
                        readonly batch?: {
                            /** @description Most events of one batch; default 500 */
                            readonly maxEvents?: number;
                            /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                            readonly maxBytes?: number;
                            /** @description Milliseconds an event waits for others of its batch; default 250 */
                            readonly maxWaitMs?: number;
                        };
                        /** @description The API key that made it */
                        readonly owner: {
                            /** @enum {string} */
                            readonly kind: "key";
                            readonly id: string;
                            readonly name: string;
                        };
                        /** @description Whether the caller owns it, and so may change it */
                        readonly mine: boolean;
                        readonly paused: boolean;
                        /** @description One more with each replay */
                        readonly generation: number;
                        /** @description How far it has come */
                        readonly delivery: {
                            /**
                             * @description `active`: delivers. `paused`: its owner or an administrator wants nothing delivered. `waiting`: it cannot be delivered now, `reason` says why (such as the key of its owner being revoked or changed, or no process to deliver it); goes on by itself when it can. `parked`: the receiver failed for the whole schedule; nothing is lost, resume it. `ended`: the receiver wants no more (HTTP 410).
                             * @enum {unknown}
                             */
                            readonly state: "active" | "paused" | "waiting" | "parked" | "ended";
                            /** @description Of `waiting`: why nothing is delivered, and how to mend it */
                            readonly reason?: string;
                            /** @description Where it goes on: a stream or another subscription can start from there */
                            readonly cursor?: string;
                            /** @description Events delivered since it was made or replayed */
                            readonly delivered: number;
                            /** @description RFC 3339, ms */
                            readonly lastDelivered?: string;
                            /** @description Whether it still reads what was accepted a while ago; left out: nothing was read yet */
                            readonly catchingUp?: boolean;
                            /** @description RFC 3339, ms: when the first event of the batch in delivery was received; none: no batch is */
                            readonly oldestUndelivered?: string;
                            /** @description How far it is behind: the age of the oldest event in delivery; while it catches up without one, of the last that was delivered; 0: it has all. Left out where that is not known */
                            readonly behindSeconds?: number;
                            /** @description Of the last attempt that failed */
                            readonly lastFailure?: {
                                /** @description RFC 3339, ms */
                                readonly at: string;
                                /** @description What went wrong and how to mend it */
                                readonly reason: string;
                                /** @description What the receiver said */
                                readonly answer?: {
                                    /** @description HTTP status */
                                    readonly status?: number;
                                    /** @description The beginning of what it said */
                                    readonly text?: string;
                                };
                            };
                            /** @description RFC 3339, ms: when the batch that failed is sent again, or the store is asked again */
                            readonly nextAttempt?: string;
                        };
                        /** @description RFC 3339, UTC */
                        readonly created: string;
                        /** @description RFC 3339, ms */
                        readonly changed: string;
                        /** @description The ETag */
                        readonly version: number;
                    };
                };
            };
        };
    };
    readonly postSubscriptionsByIdPause: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The ETag it must still have */
                readonly "if-match"?: string;
            };
            readonly path: {
                /** @description As listed; percent-encoded */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The subscription */
            readonly 200: {
                headers: {
                    /** @description The version, for If-Match */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /**
                         * @description Where it carries events to
                         * @enum {unknown}
                         */
                        readonly type: "webhook" | "kafka" | "syslog";
                        /** @description For people */
                        readonly name?: string;
                        /** @description As in GET /cadf/v1/events. Left out: all that the owner may see */
                        readonly filter?: string;
                        /** @description Only events of this tenant, which the owner has to reach */
                        readonly tenant?: string;
                        /** @description Only events of this source */
                        readonly source?: string;
                        /** @description Of a webhook; others than the owner are shown its origin alone */
                        readonly url?: string;
                        /** @description SHA-256 of the whole URL, hex, for others than the owner */
                        readonly urlDigest?: string;
                        /** @description Those that sign the requests of a webhook, the newest first; never the secrets themselves */
                        readonly secrets?: readonly {
                            readonly id: string;
                            /** @description Of the Ed25519 signatures (`v1a`); the receiver checks them with it */
                            readonly publicKey: string;
                            /** @description RFC 3339, UTC */
                            readonly created: string;
                            /** @description RFC 3339, UTC */
                            readonly expires?: string;
                        }[];
                        /** @description The topic that events are written to; it has to exist. None of the pipeline itself */
                        readonly topic?: string;
                        /** @description Brokers to start from, `host:port`. Left out: the cluster of the pipeline */
                        readonly brokers?: readonly string[];
                        /** @description TLS to the brokers */
                        readonly tls?: {
                            /** @description PEM */
                            readonly ca?: string;
                            /** @description PEM */
                            readonly cert?: string;
                        };
                        /** @description How it is proved to the brokers who writes */
                        readonly sasl?: {
                            /**
                             * @description How the user is proved
                             * @enum {unknown}
                             */
                            readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
                            /** @description The user */
                            readonly username: string;
                        };
                        /** @description Name or address of the receiver */
                        readonly host?: string;
                        /** @description Its port */
                        readonly port?: number;
                        /**
                         * @description `tcp`: RFC 6587 with octet counting. `tls`: RFC 5425
                         * @enum {unknown}
                         */
                        readonly transport?: "tcp" | "tls";
                        /** @description PEM */
                        readonly ca?: string;
                        /** @description Most bytes of the message of one event, behind a header of a few hundred; default 65,536. A larger event is sent as its core (`json`) or cut (`cef`) */
                        readonly maxMessageBytes?: number;
                        /**
                         * @description Left out: the default of its type
                         * @enum {unknown}
                         */
                        readonly format?: "cadf-json" | "cadf-ndjson" | "cloudevents" | "cloudevents-batch" | "cadf" | "cef" | "json";
                        /** @description How many events are carried together */
                        readonly batch?: {
                            /** @description Most events of one batch; default 500 */
                            readonly maxEvents?: number;
                            /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                            readonly maxBytes?: number;
                            /** @description Milliseconds an event waits for others of its batch; default 250 */
                            readonly maxWaitMs?: number;
                        };
                        /** @description The API key that made it */
                        readonly owner: {
                            /** @enum {string} */
                            readonly kind: "key";
                            readonly id: string;
                            readonly name: string;
                        };
                        /** @description Whether the caller owns it, and so may change it */
                        readonly mine: boolean;
                        readonly paused: boolean;
                        /** @description One more with each replay */
                        readonly generation: number;
                        /** @description How far it has come */
                        readonly delivery: {
                            /**
                             * @description `active`: delivers. `paused`: its owner or an administrator wants nothing delivered. `waiting`: it cannot be delivered now, `reason` says why (such as the key of its owner being revoked or changed, or no process to deliver it); goes on by itself when it can. `parked`: the receiver failed for the whole schedule; nothing is lost, resume it. `ended`: the receiver wants no more (HTTP 410).
                             * @enum {unknown}
                             */
                            readonly state: "active" | "paused" | "waiting" | "parked" | "ended";
                            /** @description Of `waiting`: why nothing is delivered, and how to mend it */
                            readonly reason?: string;
                            /** @description Where it goes on: a stream or another subscription can start from there */
                            readonly cursor?: string;
                            /** @description Events delivered since it was made or replayed */
                            readonly delivered: number;
                            /** @description RFC 3339, ms */
                            readonly lastDelivered?: string;
                            /** @description Whether it still reads what was accepted a while ago; left out: nothing was read yet */
                            readonly catchingUp?: boolean;
                            /** @description RFC 3339, ms: when the first event of the batch in delivery was received; none: no batch is */
                            readonly oldestUndelivered?: string;
                            /** @description How far it is behind: the age of the oldest event in delivery; while it catches up without one, of the last that was delivered; 0: it has all. Left out where that is not known */
                            readonly behindSeconds?: number;
                            /** @description Of the last attempt that failed */
                            readonly lastFailure?: {
                                /** @description RFC 3339, ms */
                                readonly at: string;
                                /** @description What went wrong and how to mend it */
                                readonly reason: string;
                                /** @description What the receiver said */
                                readonly answer?: {
                                    /** @description HTTP status */
                                    readonly status?: number;
                                    /** @description The beginning of what it said */
                                    readonly text?: string;
                                };
                            };
                            /** @description RFC 3339, ms: when the batch that failed is sent again, or the store is asked again */
                            readonly nextAttempt?: string;
                        };
                        /** @description RFC 3339, UTC */
                        readonly created: string;
                        /** @description RFC 3339, ms */
                        readonly changed: string;
                        /** @description The ETag */
                        readonly version: number;
                    };
                };
            };
        };
    };
    readonly postSubscriptionsByIdResume: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The ETag it must still have */
                readonly "if-match"?: string;
            };
            readonly path: {
                /** @description As listed; percent-encoded */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The subscription */
            readonly 200: {
                headers: {
                    /** @description The version, for If-Match */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /**
                         * @description Where it carries events to
                         * @enum {unknown}
                         */
                        readonly type: "webhook" | "kafka" | "syslog";
                        /** @description For people */
                        readonly name?: string;
                        /** @description As in GET /cadf/v1/events. Left out: all that the owner may see */
                        readonly filter?: string;
                        /** @description Only events of this tenant, which the owner has to reach */
                        readonly tenant?: string;
                        /** @description Only events of this source */
                        readonly source?: string;
                        /** @description Of a webhook; others than the owner are shown its origin alone */
                        readonly url?: string;
                        /** @description SHA-256 of the whole URL, hex, for others than the owner */
                        readonly urlDigest?: string;
                        /** @description Those that sign the requests of a webhook, the newest first; never the secrets themselves */
                        readonly secrets?: readonly {
                            readonly id: string;
                            /** @description Of the Ed25519 signatures (`v1a`); the receiver checks them with it */
                            readonly publicKey: string;
                            /** @description RFC 3339, UTC */
                            readonly created: string;
                            /** @description RFC 3339, UTC */
                            readonly expires?: string;
                        }[];
                        /** @description The topic that events are written to; it has to exist. None of the pipeline itself */
                        readonly topic?: string;
                        /** @description Brokers to start from, `host:port`. Left out: the cluster of the pipeline */
                        readonly brokers?: readonly string[];
                        /** @description TLS to the brokers */
                        readonly tls?: {
                            /** @description PEM */
                            readonly ca?: string;
                            /** @description PEM */
                            readonly cert?: string;
                        };
                        /** @description How it is proved to the brokers who writes */
                        readonly sasl?: {
                            /**
                             * @description How the user is proved
                             * @enum {unknown}
                             */
                            readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
                            /** @description The user */
                            readonly username: string;
                        };
                        /** @description Name or address of the receiver */
                        readonly host?: string;
                        /** @description Its port */
                        readonly port?: number;
                        /**
                         * @description `tcp`: RFC 6587 with octet counting. `tls`: RFC 5425
                         * @enum {unknown}
                         */
                        readonly transport?: "tcp" | "tls";
                        /** @description PEM */
                        readonly ca?: string;
                        /** @description Most bytes of the message of one event, behind a header of a few hundred; default 65,536. A larger event is sent as its core (`json`) or cut (`cef`) */
                        readonly maxMessageBytes?: number;
                        /**
                         * @description Left out: the default of its type
                         * @enum {unknown}
                         */
                        readonly format?: "cadf-json" | "cadf-ndjson" | "cloudevents" | "cloudevents-batch" | "cadf" | "cef" | "json";
                        /** @description How many events are carried together */
                        readonly batch?: {
                            /** @description Most events of one batch; default 500 */
                            readonly maxEvents?: number;
                            /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                            readonly maxBytes?: number;
                            /** @description Milliseconds an event waits for others of its batch; default 250 */
                            readonly maxWaitMs?: number;
                        };
                        /** @description The API key that made it */
                        readonly owner: {
                            /** @enum {string} */
                            readonly kind: "key";
                            readonly id: string;
                            readonly name: string;
                        };
                        /** @description Whether the caller owns it, and so may change it */
                        readonly mine: boolean;
                        readonly paused: boolean;
                        /** @description One more with each replay */
                        readonly generation: number;
                        /** @description How far it has come */
                        readonly delivery: {
                            /**
                             * @description `active`: delivers. `paused`: its owner or an administrator wants nothing delivered. `waiting`: it cannot be delivered now, `reason` says why (such as the key of its owner being revoked or changed, or no process to deliver it); goes on by itself when it can. `parked`: the receiver failed for the whole schedule; nothing is lost, resume it. `ended`: the receiver wants no more (HTTP 410).
                             * @enum {unknown}
                             */
                            readonly state: "active" | "paused" | "waiting" | "parked" | "ended";
                            /** @description Of `waiting`: why nothing is delivered, and how to mend it */
                            readonly reason?: string;
                            /** @description Where it goes on: a stream or another subscription can start from there */
                            readonly cursor?: string;
                            /** @description Events delivered since it was made or replayed */
                            readonly delivered: number;
                            /** @description RFC 3339, ms */
                            readonly lastDelivered?: string;
                            /** @description Whether it still reads what was accepted a while ago; left out: nothing was read yet */
                            readonly catchingUp?: boolean;
                            /** @description RFC 3339, ms: when the first event of the batch in delivery was received; none: no batch is */
                            readonly oldestUndelivered?: string;
                            /** @description How far it is behind: the age of the oldest event in delivery; while it catches up without one, of the last that was delivered; 0: it has all. Left out where that is not known */
                            readonly behindSeconds?: number;
                            /** @description Of the last attempt that failed */
                            readonly lastFailure?: {
                                /** @description RFC 3339, ms */
                                readonly at: string;
                                /** @description What went wrong and how to mend it */
                                readonly reason: string;
                                /** @description What the receiver said */
                                readonly answer?: {
                                    /** @description HTTP status */
                                    readonly status?: number;
                                    /** @description The beginning of what it said */
                                    readonly text?: string;
                                };
                            };
                            /** @description RFC 3339, ms: when the batch that failed is sent again, or the store is asked again */
                            readonly nextAttempt?: string;
                        };
                        /** @description RFC 3339, UTC */
                        readonly created: string;
                        /** @description RFC 3339, ms */
                        readonly changed: string;
                        /** @description The ETag */
                        readonly version: number;
                    };
                };
            };
        };
    };
    readonly postSubscriptionsByIdReplay: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The ETag it must still have */
                readonly "if-match"?: string;
            };
            readonly path: {
                /** @description As listed; percent-encoded */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description A time with its zone: all stored events whose eventTime is at or after it, in the order of acceptance, then everything that comes */
                    readonly from?: string;
                    /** @description A place that a stream or a delivery for the same filter, tenant and source gave: what comes after it */
                    readonly cursor?: string;
                };
            };
        };
        readonly responses: {
            /** @description The subscription */
            readonly 200: {
                headers: {
                    /** @description The version, for If-Match */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /**
                         * @description Where it carries events to
                         * @enum {unknown}
                         */
                        readonly type: "webhook" | "kafka" | "syslog";
                        /** @description For people */
                        readonly name?: string;
                        /** @description As in GET /cadf/v1/events. Left out: all that the owner may see */
                        readonly filter?: string;
                        /** @description Only events of this tenant, which the owner has to reach */
                        readonly tenant?: string;
                        /** @description Only events of this source */
                        readonly source?: string;
                        /** @description Of a webhook; others than the owner are shown its origin alone */
                        readonly url?: string;
                        /** @description SHA-256 of the whole URL, hex, for others than the owner */
                        readonly urlDigest?: string;
                        /** @description Those that sign the requests of a webhook, the newest first; never the secrets themselves */
                        readonly secrets?: readonly {
                            readonly id: string;
                            /** @description Of the Ed25519 signatures (`v1a`); the receiver checks them with it */
                            readonly publicKey: string;
                            /** @description RFC 3339, UTC */
                            readonly created: string;
                            /** @description RFC 3339, UTC */
                            readonly expires?: string;
                        }[];
                        /** @description The topic that events are written to; it has to exist. None of the pipeline itself */
                        readonly topic?: string;
                        /** @description Brokers to start from, `host:port`. Left out: the cluster of the pipeline */
                        readonly brokers?: readonly string[];
                        /** @description TLS to the brokers */
                        readonly tls?: {
                            /** @description PEM */
                            readonly ca?: string;
                            /** @description PEM */
                            readonly cert?: string;
                        };
                        /** @description How it is proved to the brokers who writes */
                        readonly sasl?: {
                            /**
                             * @description How the user is proved
                             * @enum {unknown}
                             */
                            readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
                            /** @description The user */
                            readonly username: string;
                        };
                        /** @description Name or address of the receiver */
                        readonly host?: string;
                        /** @description Its port */
                        readonly port?: number;
                        /**
                         * @description `tcp`: RFC 6587 with octet counting. `tls`: RFC 5425
                         * @enum {unknown}
                         */
                        readonly transport?: "tcp" | "tls";
                        /** @description PEM */
                        readonly ca?: string;
                        /** @description Most bytes of the message of one event, behind a header of a few hundred; default 65,536. A larger event is sent as its core (`json`) or cut (`cef`) */
                        readonly maxMessageBytes?: number;
                        /**
                         * @description Left out: the default of its type
                         * @enum {unknown}
                         */
                        readonly format?: "cadf-json" | "cadf-ndjson" | "cloudevents" | "cloudevents-batch" | "cadf" | "cef" | "json";
                        /** @description How many events are carried together */
                        readonly batch?: {
                            /** @description Most events of one batch; default 500 */
                            readonly maxEvents?: number;
                            /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                            readonly maxBytes?: number;
                            /** @description Milliseconds an event waits for others of its batch; default 250 */
                            readonly maxWaitMs?: number;
                        };
                        /** @description The API key that made it */
                        readonly owner: {
                            /** @enum {string} */
                            readonly kind: "key";
                            readonly id: string;
                            readonly name: string;
                        };
                        /** @description Whether the caller owns it, and so may change it */
                        readonly mine: boolean;
                        readonly paused: boolean;
                        /** @description One more with each replay */
                        readonly generation: number;
                        /** @description How far it has come */
                        readonly delivery: {
                            /**
                             * @description `active`: delivers. `paused`: its owner or an administrator wants nothing delivered. `waiting`: it cannot be delivered now, `reason` says why (such as the key of its owner being revoked or changed, or no process to deliver it); goes on by itself when it can. `parked`: the receiver failed for the whole schedule; nothing is lost, resume it. `ended`: the receiver wants no more (HTTP 410).
                             * @enum {unknown}
                             */
                            readonly state: "active" | "paused" | "waiting" | "parked" | "ended";
                            /** @description Of `waiting`: why nothing is delivered, and how to mend it */
                            readonly reason?: string;
                            /** @description Where it goes on: a stream or another subscription can start from there */
                            readonly cursor?: string;
                            /** @description Events delivered since it was made or replayed */
                            readonly delivered: number;
                            /** @description RFC 3339, ms */
                            readonly lastDelivered?: string;
                            /** @description Whether it still reads what was accepted a while ago; left out: nothing was read yet */
                            readonly catchingUp?: boolean;
                            /** @description RFC 3339, ms: when the first event of the batch in delivery was received; none: no batch is */
                            readonly oldestUndelivered?: string;
                            /** @description How far it is behind: the age of the oldest event in delivery; while it catches up without one, of the last that was delivered; 0: it has all. Left out where that is not known */
                            readonly behindSeconds?: number;
                            /** @description Of the last attempt that failed */
                            readonly lastFailure?: {
                                /** @description RFC 3339, ms */
                                readonly at: string;
                                /** @description What went wrong and how to mend it */
                                readonly reason: string;
                                /** @description What the receiver said */
                                readonly answer?: {
                                    /** @description HTTP status */
                                    readonly status?: number;
                                    /** @description The beginning of what it said */
                                    readonly text?: string;
                                };
                            };
                            /** @description RFC 3339, ms: when the batch that failed is sent again, or the store is asked again */
                            readonly nextAttempt?: string;
                        };
                        /** @description RFC 3339, UTC */
                        readonly created: string;
                        /** @description RFC 3339, ms */
                        readonly changed: string;
                        /** @description The ETag */
                        readonly version: number;
                    };
                };
            };
        };
    };
    readonly postSubscriptionsByIdRotateSecret: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The ETag it must still have */
                readonly "if-match"?: string;
            };
            readonly path: {
                /** @description As listed; percent-encoded */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description How long the secrets of before sign too; default 86,400 */
                    readonly overlapSeconds?: number;
                    /** @description The key of the HMAC signatures (`v1`): `whsec_` and base64, or text, of 24 to 64 bytes. Left out: a new one is made */
                    readonly secret?: string;
                } | null;
            };
        };
        readonly responses: {
            /** @description The subscription with its new secret */
            readonly 200: {
                headers: {
                    /** @description The version, for If-Match */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /**
                         * @description Where it carries events to
                         * @enum {unknown}
                         */
                        readonly type: "webhook" | "kafka" | "syslog";
                        /** @description For people */
                        readonly name?: string;
                        /** @description As in GET /cadf/v1/events. Left out: all that the owner may see */
                        readonly filter?: string;
                        /** @description Only events of this tenant, which the owner has to reach */
                        readonly tenant?: string;
                        /** @description Only events of this source */
                        readonly source?: string;
                        /** @description Of a webhook; others than the owner are shown its origin alone */
                        readonly url?: string;
                        /** @description SHA-256 of the whole URL, hex, for others than the owner */
                        readonly urlDigest?: string;
                        /** @description Those that sign the requests of a webhook, the newest first; never the secrets themselves */
                        readonly secrets?: readonly {
                            readonly id: string;
                            /** @description Of the Ed25519 signatures (`v1a`); the receiver checks them with it */
                            readonly publicKey: string;
                            /** @description RFC 3339, UTC */
                            readonly created: string;
                            /** @description RFC 3339, UTC */
                            readonly expires?: string;
                        }[];
                        /** @description The topic that events are written to; it has to exist. None of the pipeline itself */
                        readonly topic?: string;
                        /** @description Brokers to start from, `host:port`. Left out: the cluster of the pipeline */
                        readonly brokers?: readonly string[];
                        /** @description TLS to the brokers */
                        readonly tls?: {
                            /** @description PEM */
                            readonly ca?: string;
                            /** @description PEM */
                            readonly cert?: string;
                        };
                        /** @description How it is proved to the brokers who writes */
                        readonly sasl?: {
                            /**
                             * @description How the user is proved
                             * @enum {unknown}
                             */
                            readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
                            /** @description The user */
                            readonly username: string;
                        };
                        /** @description Name or address of the receiver */
                        readonly host?: string;
                        /** @description Its port */
                        readonly port?: number;
                        /**
                         * @description `tcp`: RFC 6587 with octet counting. `tls`: RFC 5425
                         * @enum {unknown}
                         */
                        readonly transport?: "tcp" | "tls";
                        /** @description PEM */
                        readonly ca?: string;
                        /** @description Most bytes of the message of one event, behind a header of a few hundred; default 65,536. A larger event is sent as its core (`json`) or cut (`cef`) */
                        readonly maxMessageBytes?: number;
                        /**
                         * @description Left out: the default of its type
                         * @enum {unknown}
                         */
                        readonly format?: "cadf-json" | "cadf-ndjson" | "cloudevents" | "cloudevents-batch" | "cadf" | "cef" | "json";
                        /** @description How many events are carried together */
                        readonly batch?: {
                            /** @description Most events of one batch; default 500 */
                            readonly maxEvents?: number;
                            /** @description Most bytes of the events of one batch; default 524288. One event may exceed it */
                            readonly maxBytes?: number;
                            /** @description Milliseconds an event waits for others of its batch; default 250 */
                            readonly maxWaitMs?: number;
                        };
                        /** @description The API key that made it */
                        readonly owner: {
                            /** @enum {string} */
                            readonly kind: "key";
                            readonly id: string;
                            readonly name: string;
                        };
                        /** @description Whether the caller owns it, and so may change it */
                        readonly mine: boolean;
                        readonly paused: boolean;
                        /** @description One more with each replay */
                        readonly generation: number;
                        /** @description How far it has come */
                        readonly delivery: {
                            /**
                             * @description `active`: delivers. `paused`: its owner or an administrator wants nothing delivered. `waiting`: it cannot be delivered now, `reason` says why (such as the key of its owner being revoked or changed, or no process to deliver it); goes on by itself when it can. `parked`: the receiver failed for the whole schedule; nothing is lost, resume it. `ended`: the receiver wants no more (HTTP 410).
                             * @enum {unknown}
                             */
                            readonly state: "active" | "paused" | "waiting" | "parked" | "ended";
                            /** @description Of `waiting`: why nothing is delivered, and how to mend it */
                            readonly reason?: string;
                            /** @description Where it goes on: a stream or another subscription can start from there */
                            readonly cursor?: string;
                            /** @description Events delivered since it was made or replayed */
                            readonly delivered: number;
                            /** @description RFC 3339, ms */
                            readonly lastDelivered?: string;
                            /** @description Whether it still reads what was accepted a while ago; left out: nothing was read yet */
                            readonly catchingUp?: boolean;
                            /** @description RFC 3339, ms: when the first event of the batch in delivery was received; none: no batch is */
                            readonly oldestUndelivered?: string;
                            /** @description How far it is behind: the age of the oldest event in delivery; while it catches up without one, of the last that was delivered; 0: it has all. Left out where that is not known */
                            readonly behindSeconds?: number;
                            /** @description Of the last attempt that failed */
                            readonly lastFailure?: {
                                /** @description RFC 3339, ms */
                                readonly at: string;
                                /** @description What went wrong and how to mend it */
                                readonly reason: string;
                                /** @description What the receiver said */
                                readonly answer?: {
                                    /** @description HTTP status */
                                    readonly status?: number;
                                    /** @description The beginning of what it said */
                                    readonly text?: string;
                                };
                            };
                            /** @description RFC 3339, ms: when the batch that failed is sent again, or the store is asked again */
                            readonly nextAttempt?: string;
                        };
                        /** @description RFC 3339, UTC */
                        readonly created: string;
                        /** @description RFC 3339, ms */
                        readonly changed: string;
                        /** @description The ETag */
                        readonly version: number;
                        /** @description Of the HMAC signatures of a webhook: shown now and never again */
                        readonly secret?: string;
                        /** @description Of its Ed25519 signatures; also in `secrets`, the first */
                        readonly publicKey?: string;
                    };
                };
            };
        };
    };
    readonly getSubscriptionsByIdDeliveries: {
        readonly parameters: {
            readonly query?: {
                /** @description Most attempts; default 100 */
                readonly limit?: number;
                /** @description Only those that ended so */
                readonly outcome?: "delivered" | "failed" | "ended";
            };
            readonly header?: never;
            readonly path: {
                /** @description As listed; percent-encoded */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Attempts, the newest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly deliveries: readonly {
                            /** @description Id of the batch (`webhook-id`), the same in all attempts */
                            readonly batch: string;
                            /** @description From 1 */
                            readonly attempt: number;
                            /** @description RFC 3339, ms: when it began */
                            readonly at: string;
                            /** @description Events of the batch */
                            readonly events: number;
                            /**
                             * @description `delivered`; `failed`: tried again; `ended`: the receiver wants no more
                             * @enum {unknown}
                             */
                            readonly outcome: "delivered" | "failed" | "ended";
                            /** @description What went wrong and how to mend it */
                            readonly reason?: string;
                            /** @description What the receiver said */
                            readonly answer?: {
                                /** @description HTTP status */
                                readonly status?: number;
                                /** @description The beginning of what it said */
                                readonly text?: string;
                            };
                            /** @description Milliseconds */
                            readonly durationMs: number;
                            /** @description Whether it was sent on request */
                            readonly test: boolean;
                        }[];
                    };
                };
            };
        };
    };
    readonly postSubscriptionsByIdTest: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description As listed; percent-encoded */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What came of it */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Id of the batch (`webhook-id`), the same in all attempts */
                        readonly batch: string;
                        /**
                         * @description `delivered`; `failed`: tried again; `ended`: the receiver wants no more
                         * @enum {unknown}
                         */
                        readonly outcome: "delivered" | "failed" | "ended";
                        /** @description What went wrong and how to mend it */
                        readonly reason?: string;
                        /** @description What the receiver said */
                        readonly answer?: {
                            /** @description HTTP status */
                            readonly status?: number;
                            /** @description The beginning of what it said */
                            readonly text?: string;
                        };
                        /** @description Milliseconds */
                        readonly durationMs: number;
                    };
                };
            };
        };
    };
}
