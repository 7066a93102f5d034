import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import { limits } from '../core/limits.ts';
import type { Fault } from './problem.ts';

/** What a schema found wrong, said so that a person can put it right. `where` is the part of the request: `body`, `querystring`, `params`. */
export function faultOf(error: FastifySchemaValidationError, where: string): Fault {
  const names = error.instancePath.split('/').slice(1);
  const extra = error.params['additionalProperty'] ?? error.params['missingProperty'];
  if (typeof extra === 'string') names.push(extra);
  const name = names.join('/') || where;
  const detail = `${name} ${(name === 'seconds' ? ofInterval(error) : undefined) ?? sentence(error, where)}`;
  if (where === 'body') return { detail, pointer: ['#', ...names].join('/') };
  return names[0] === undefined ? { detail } : { detail, parameter: names[0] };
}

function sentence({ keyword, params, message }: FastifySchemaValidationError, where: string): string {
  switch (keyword) {
    case 'required':
      return 'is missing; GET /api/v1/openapi.json has an example of the body';
    case 'additionalProperties':
      return 'is not known here; leave it out';
    case 'type':
      // All that a query holds is text, or a list where a name comes more than once.
      return where === 'querystring' ? 'is given more than once' : `is not ${article(String(params['type']))}`;
    case 'maxLength':
      return `is longer than ${String(params['limit'])} characters`;
    case 'enum':
      return `is not one of ${[params['allowedValues']].flat().join(', ')}`;
    case 'minimum':
      return `is less than ${String(params['limit'])}`;
    case 'maximum':
      return `is more than ${String(params['limit'])}`;
    case 'minLength':
      return 'is empty';
    case 'pattern':
      return where === 'querystring'
        ? 'is not a list of event names separated by commas, such as reading,registered'
        : 'has another form than it should; GET /api/v1/openapi.json says which';
    default:
      return message ?? 'is not valid';
  }
}

/** The same of an interval. */
function ofInterval({ keyword }: FastifySchemaValidationError): string | undefined {
  switch (keyword) {
    case 'required':
      return 'is missing; the body is for example {"seconds":5}';
    case 'minimum':
      return `is below the shortest interval of ${limits.intervalSecondsMin} s`;
    case 'maximum':
      return `is above the longest interval of ${limits.intervalSecondsMax} s`;
    case 'multipleOf':
      return 'is not a multiple of 0.001 s';
    default:
      return undefined;
  }
}

function article(type: string): string {
  return type === 'object' ? 'a JSON object' : `a ${type}`;
}
