/** `/cadf/v1/exports/schedules`: exports at fixed times. */
import { randomUUID } from 'node:crypto';
import {
  changeProblems,
  controlErrors,
  createdAnswer,
  createKeyOwned,
  etagOf,
  IdParams,
  IfMatch,
  MAX_SCHEDULES_OF_ONE,
  page,
  pageOf,
  PageQuery,
  taggedAnswer,
} from '@cadf-pipeline/control-state';
import type { AdminDeps, Versioned } from '@cadf-pipeline/control-state';
import { principalOf } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { exportErrors } from '../errors.ts';
import type { DestinationRules } from '../exports/destination-rules.ts';
import { askingProblems, BODY_LIMIT, EXPORTING, requireFit, SEEING } from '../exports/export-routes.ts';
import { EXPORTS_PATH } from '../exports/exports.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { isSameTimes, NewSchedule, readSchedule } from './new-schedule.ts';
import { scheduleExample, ScheduleView, scheduleView } from './schedule-view.ts';
import type { ScheduleWork } from './schedule-work.ts';

export const SCHEDULES_PATH = `${EXPORTS_PATH}/schedules`;

export interface ScheduleDeps extends AdminDeps {
  readonly box: SecretBox;
  readonly destinations: DestinationRules;
  readonly schedules: ScheduleWork;
}

const PARAMS = Type.Object({ id: { ...IdParams.properties.id, examples: [scheduleExample.id] } });
const ANSWER = taggedAnswer('The schedule', ScheduleView, scheduleExample);
const ofOneProblems = [
  exportErrors.SCHEDULE_NOT_FOUND,
  exportErrors.EXPORT_NOT_YOURS,
  controlErrors.CONTROL_UNKNOWN,
  controlErrors.CONTROL_VERSION,
  ...changeProblems,
];
const tags = ['exports'];

export function scheduleRoutes(app: FastifyInstance, deps: ScheduleDeps): void {
  const { now, schedules } = deps;
  const owned = createKeyOwned(deps, {
    kind: 'schedule',
    most: MAX_SCHEDULES_OF_ONE,
    problems: {
      notFound: exportErrors.SCHEDULE_NOT_FOUND,
      notYours: exportErrors.EXPORT_NOT_YOURS,
      needsKey: exportErrors.EXPORT_NEEDS_KEY,
      tooMany: exportErrors.EXPORT_TOO_MANY,
    },
  });

  app.post<{ Body: NewSchedule }>(
    SCHEDULES_PATH,
    {
      ...EXPORTING,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Export at fixed times',
        description: `At each time of the cron expression an export is asked for in the name of the calling key, by its rights at that time. At most ${MAX_SCHEDULES_OF_ONE} of one owner.`,
        body: NewSchedule,
        problems: askingProblems,
        response: { 201: createdAnswer('The schedule', ScheduleView, scheduleExample) },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const id = randomUUID();
      const created = new Date(now()).toISOString();
      const after = {
        ...readSchedule(deps, request.body, principal, owned.ownerOf(principal), id),
        paused: false,
        since: created,
        created,
      };
      requireFit(after);
      const made = await owned.create(request, id, () => after);
      void reply.code(201).header('location', `${SCHEDULES_PATH}/${id}`);
      return send(reply, made);
    },
  );

  app.get<{ Querystring: PageQuery }>(
    SCHEDULES_PATH,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'List schedules',
        description: 'Those of the caller; an admin also finds those of its tenants.',
        querystring: PageQuery,
        response: { 200: pageOf(ScheduleView, scheduleExample) },
      },
    },
    (request) => {
      const principal = principalOf(request);
      return page(owned.all(principal), request.query, (schedule) => view(principal, schedule));
    },
  );

  app.get<{ Params: IdParams }>(
    `${SCHEDULES_PATH}/:id`,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'Read a schedule',
        description: 'What it asks for, when next, and what came of the last time.',
        params: PARAMS,
        problems: [exportErrors.SCHEDULE_NOT_FOUND],
        response: { 200: ANSWER },
      },
    },
    (request, reply) => send(reply, owned.current(request, 'see')),
  );

  app.put<{ Params: IdParams; Body: NewSchedule }>(
    `${SCHEDULES_PATH}/:id`,
    {
      ...EXPORTING,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Change a schedule',
        description:
          'The body is the whole definition, secrets of the destination included. With other times it begins anew from now. Only its owner may.',
        params: PARAMS,
        headers: IfMatch,
        body: NewSchedule,
        problems: [...askingProblems, ...ofOneProblems],
        response: { 200: ANSWER },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      owned.current(request, 'own');
      const asked = readSchedule(deps, request.body, principal, owned.ownerOf(principal), request.params.id);
      requireFit(asked);
      return send(
        reply,
        await owned.change(request, 'own', 'update', (before) => ({
          ...asked,
          created: before.created,
          paused: before.paused,
          since: isSameTimes(before, asked) ? before.since : new Date(now()).toISOString(),
        })),
      );
    },
  );

  for (const [name, paused, summary, description] of [
    ['pause', true, 'Pause a schedule', 'Nothing is asked for until it is resumed.'],
    [
      'resume',
      false,
      'Resume a schedule',
      'It goes on with its next time; those that passed meanwhile are not made up for.',
    ],
  ] as const)
    app.post<{ Params: IdParams }>(
      `${SCHEDULES_PATH}/:id/${name}`,
      {
        ...SEEING,
        schema: {
          tags,
          summary,
          description: `${description} Its owner may, and an admin of all its tenants.`,
          params: PARAMS,
          headers: IfMatch,
          problems: ofOneProblems,
          response: { 200: ANSWER },
        },
      },
      async (request, reply) =>
        send(
          reply,
          await owned.change(request, 'see', paused ? 'disable' : 'enable', (before) => ({
            ...before,
            paused,
            since: before.paused && !paused ? new Date(now()).toISOString() : before.since,
          })),
        ),
    );

  app.delete<{ Params: IdParams }>(
    `${SCHEDULES_PATH}/:id`,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'Delete a schedule',
        description: 'Its exports stay. Its owner may, and an admin of all its tenants.',
        params: PARAMS,
        headers: IfMatch,
        problems: ofOneProblems,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      await owned.remove(request);
      return reply.code(204).send();
    },
  );

  function view(principal: Principal, schedule: Versioned<'schedule'>): object {
    const { entity } = schedule;
    return scheduleView(schedule, schedules.record(entity.id), owned.isOwn(principal, entity), now());
  }

  function send(reply: FastifyReply, schedule: Versioned<'schedule'>): FastifyReply {
    return reply.header('etag', etagOf(schedule)).send(view(principalOf(reply.request), schedule));
  }
}
