/** What was asked, as it is kept with an asynchronous query. */
import type { FilledParameters } from '../asked-parameters.ts';
import type { EventsBody } from '../event-query/parameters.ts';
import type { EventQuestion } from '../event-query/question.ts';

export function keptParameters({ asked }: FilledParameters, { fields }: EventQuestion): EventsBody {
  const { fields: _fields, parameters, ...rest } = asked;
  return {
    ...rest,
    ...(parameters === undefined ? {} : { parameters: { ...parameters } }),
    ...(fields === undefined ? {} : { fields: fields.map(({ name }) => name) }),
  };
}
