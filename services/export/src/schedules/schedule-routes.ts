/** `/cadf/v1/exports/schedules`: exports at fixed times. */
import { randomUUID } from 'node:crypto';
import {
  auditedChange,
  changeProblems,
  controlErrors,
  createdAnswer,
  createOwnerRoom,
  etagOf,
  IdParams,
  IfMatch,
  MAX_SCHEDULES_OF_ONE,
  page,
  pageOf,
  PageQuery,
  requireCurrent,
  taggedAnswer,
} from '@cadf-pipeline/control-state';
import type { AdminDeps, ControlAction, ExportSchedule, Versioned } from '@cadf-pipeline/control-state';
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { exportErrors } from '../errors.ts';
import type { DestinationRules } from '../exports/destination-rules.ts';
import { askingProblems, BODY_LIMIT, EXPORTING, requireFit, SEEING } from '../exports/export-routes.ts';
import { EXPORTS_PATH } from '../exports/exports.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { administers, owns, sinceOf } from '../subscription/visibility.ts';
import { isSameTimes, NewSchedule, readSchedule } from './new-schedule.ts';
import { scheduleExample, ScheduleView, scheduleView } from './schedule-view.ts';
import type { ScheduleWork } from './schedule-work.ts';

export const SCHEDULES_PATH = `${EXPORTS_PATH}/schedules`;

export interface ScheduleDeps extends AdminDeps {
  readonly box: SecretBox;
  readonly destinations: DestinationRules;
  readonly schedules: ScheduleWork;
}

type OfOne = FastifyRequest<{ Params: IdParams }>;

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
  const { now, schedules, state } = deps;
  const room = createOwnerRoom(state, 'schedule', MAX_SCHEDULES_OF_ONE, exportErrors.EXPORT_TOO_MANY);

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
        ...readSchedule(deps, request.body, principal, id),
        paused: false,
        since: created,
        created,
      };
      requireFit(after);
      const made = await room(principal, (requireRoom) =>
        auditedChange(deps, request, {
          action: 'create',
          kind: 'schedule',
          id,
          plan: () => {
            requireRoom();
            return { before: undefined, after };
          },
        }),
      );
      void reply.code(201).header('location', `${SCHEDULES_PATH}/${id}`);
      return send(reply, requireCurrent('schedule', id, made, undefined));
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
      const seen = state
        .list('schedule')
        .filter(({ entity }) => isOwn(principal, entity) || administers(principal, entity));
      return page(seen, request.query, (schedule) => view(principal, schedule));
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
    (request, reply) => send(reply, current(request, 'see')),
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
      const { id } = request.params;
      current(request, 'own');
      const asked = readSchedule(deps, request.body, principalOf(request), id);
      requireFit(asked);
      return send(
        reply,
        await change(request, 'own', 'update', (before) => ({
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
          await change(request, 'see', paused ? 'disable' : 'enable', (before) => ({
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
      await auditedChange(deps, request, {
        action: 'delete',
        kind: 'schedule',
        id: request.params.id,
        plan: () => ({ before: current(request, 'see'), after: null }),
      });
      return reply.code(204).send();
    },
  );

  function isOwn(principal: Principal, schedule: ExportSchedule): boolean {
    return owns(principal, sinceOf(state, principal), schedule);
  }

  function current(request: OfOne, may: 'own' | 'see'): Versioned<'schedule'> {
    const principal = principalOf(request);
    const { id } = request.params;
    const found = state.get('schedule', id);
    const own = found !== undefined && isOwn(principal, found.entity);
    if (found === undefined || !(own || administers(principal, found.entity)))
      throw new ProblemError(exportErrors.SCHEDULE_NOT_FOUND);
    if (may === 'own' && !own) throw new ProblemError(exportErrors.EXPORT_NOT_YOURS);
    return requireCurrent('schedule', id, found, request.headers['if-match']);
  }

  async function change(
    request: OfOne,
    may: 'own' | 'see',
    action: ControlAction,
    to: (before: ExportSchedule) => ExportSchedule,
  ): Promise<Versioned<'schedule'>> {
    const { id } = request.params;
    const made = await auditedChange(deps, request, {
      action,
      kind: 'schedule',
      id,
      plan: () => {
        const before = current(request, may);
        return { before, after: to(before.entity) };
      },
    });
    return requireCurrent('schedule', id, made, undefined);
  }

  function view(principal: Principal, schedule: Versioned<'schedule'>): object {
    const { entity } = schedule;
    return scheduleView(schedule, schedules.record(entity.id), isOwn(principal, entity), now());
  }

  function send(reply: FastifyReply, schedule: Versioned<'schedule'>): FastifyReply {
    return reply.header('etag', etagOf(schedule)).send(view(principalOf(reply.request), schedule));
  }
}
