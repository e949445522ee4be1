import { z } from 'zod';
import {
  bucketAnswer,
  changesAnswer,
  changesRequest,
  largestPage,
  largestRoster,
  mostChanges,
  mostRecords,
  passwordAnswer,
  passwordRequest,
  problem,
  recordsAnswer,
  resourceSummary,
  schoolAnswer,
  submissionAnswer,
  submissionRequest,
  summaryBuckets,
  temporaryAccountAnswer,
  temporaryAccountRequest,
  tokenAnswer,
  workbookMediaType,
} from './protocol.ts';
import { fileReference, type ResourceName, resourceNames, resourcePage, resourceSchemas, tombstone } from './resources.ts';

/**
 * The city central API as an OpenAPI 3.1 document. Its schemas are those that the client and the embedded city check by, so
 * assets/central-api.openapi.yaml (written by draft-openapi.ts, held against this by a test) cannot say anything else.
 */
type Json = { [key: string]: unknown };

/** As a receiver reads it: keys that a later version adds are allowed. */
export function jsonSchemaOf(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }) as Json;
  return rest;
}

/** `course-records` → `CourseRecord`-like names of the components: `CourseRecords`. */
export function componentOf(resource: ResourceName): string {
  return resource.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json): Json => ({ 'application/json': { schema } });
const problemAnswer = (description: string, headers?: Json): Json => ({
  description,
  ...(headers ? { headers } : {}),
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

const retryAfter: Json = {
  'Retry-After': { description: 'Seconds, or an HTTP date, before which the city is not asked again.', schema: { type: 'string' } },
};

/** Every authorised operation may be answered by these. */
const refusals: Json = {
  '401': { $ref: '#/components/responses/Unauthorized' },
  '403': { $ref: '#/components/responses/Forbidden' },
  '429': { $ref: '#/components/responses/Busy' },
  '503': { $ref: '#/components/responses/Busy' },
};

const parameter = (name: string, place: 'path' | 'query' | 'header', description: string, schema: Json): Json => ({
  name,
  in: place,
  required: place === 'path',
  description,
  schema,
});

const code = parameter('code', 'path', 'School code, six characters.', { type: 'string', pattern: '^[0-9A-Z]{6}$' });
const sha256 = parameter('sha256', 'path', 'SHA-256 of the bytes, hexadecimal.', { type: 'string', pattern: '^[0-9a-f]{64}$' });
const bytes: Json = { '*/*': { schema: { type: 'string', format: 'binary' } } };

function schemas(): Json {
  const named: Json = {};
  for (const resource of resourceNames) named[componentOf(resource)] = jsonSchemaOf(resourceSchemas[resource]);
  return {
    ...named,
    Tombstone: jsonSchemaOf(tombstone),
    FileReference: jsonSchemaOf(fileReference),
    Page: jsonSchemaOf(resourcePage),
    ...Object.fromEntries(resourceNames.map((resource) => [`${componentOf(resource)}Page`, pageOf(resource)])),
    Summary: jsonSchemaOf(resourceSummary),
    Bucket: jsonSchemaOf(bucketAnswer),
    Records: jsonSchemaOf(recordsAnswer),
    Token: jsonSchemaOf(tokenAnswer),
    School: jsonSchemaOf(schoolAnswer),
    ChangesRequest: jsonSchemaOf(changesRequest),
    ChangesAnswer: jsonSchemaOf(changesAnswer),
    SubmissionRequest: jsonSchemaOf(submissionRequest),
    SubmissionAnswer: jsonSchemaOf(submissionAnswer),
    TemporaryAccountRequest: jsonSchemaOf(temporaryAccountRequest),
    TemporaryAccountAnswer: jsonSchemaOf(temporaryAccountAnswer),
    PasswordRequest: jsonSchemaOf(passwordRequest),
    PasswordAnswer: jsonSchemaOf(passwordAnswer),
    Problem: jsonSchemaOf(problem),
  };
}

function pageOf(resource: ResourceName): Json {
  return {
    allOf: [
      ref('Page'),
      {
        type: 'object',
        properties: { items: { type: 'array', items: { oneOf: [ref(componentOf(resource)), ref('Tombstone')] } } },
        required: ['items'],
      },
    ],
  };
}

function resourcePaths(): Json {
  const paths: Json = {};
  for (const resource of resourceNames) {
    paths[`/v1/schools/{code}/resources/${resource}`] = {
      get: {
        operationId: `list${componentOf(resource)}`,
        summary: `What is new of ${resource} since a cursor`,
        description:
          'Records in the order of their versions. A record that changed comes again with a higher version, a deleted one as a tombstone. An empty cursor reads everything.',
        parameters: [
          code,
          parameter('cursor', 'query', '`nextCursor` of the page before; empty for everything.', { type: 'string', maxLength: 100 }),
          parameter('limit', 'query', 'Records in a page.', { type: 'integer', minimum: 1, maximum: largestPage, default: 500 }),
          parameter('count', 'query', '`true` asks for `total` too.', { type: 'string', enum: ['true', 'false'] }),
          parameter('If-None-Match', 'header', 'ETag of the same page, had before.', { type: 'string' }),
        ],
        responses: {
          '200': {
            description: 'A page; gzipped where the client accepts it.',
            headers: { ETag: { schema: { type: 'string' } } },
            content: json(ref(`${componentOf(resource)}Page`)),
          },
          '304': { description: 'The page is the one of the ETag.' },
          '400': { $ref: '#/components/responses/Invalid' },
          ...refusals,
        },
      },
    };
  }
  return paths;
}

/** What the school holds against its own records, to see that both have the same. */
function comparisonPaths(): Json {
  const name = parameter('name', 'path', 'Name of the resource.', { type: 'string', enum: resourceNames });
  const unknown = problemAnswer('There is no such resource, or no such bucket.');
  const answers = (description: string, component: string): Json => ({
    '200': { description, content: json(ref(component)) },
    '404': unknown,
    ...refusals,
  });
  const rule = `A record is in the bucket of the CRC-32 of its id (UTF-8) modulo ${summaryBuckets}.`;
  return {
    '/v1/schools/{code}/resources/{name}/summary': {
      get: {
        operationId: 'summarise',
        summary: 'How many living records a resource has, and a fingerprint of them, by bucket',
        description: `${rule} The fingerprint is the sum modulo 2^64, in sixteen hexadecimal digits, of the first eight bytes (big-endian) of the SHA-256 of \`<id> <version>\` of each living record: the same in whatever order they are read.`,
        parameters: [code, name, parameter('If-None-Match', 'header', 'ETag of the summary had before.', { type: 'string' })],
        responses: { ...answers('The summary.', 'Summary'), '304': { description: 'Nothing changed since the one of the ETag.' } },
      },
    },
    '/v1/schools/{code}/resources/{name}/summary/{bucket}': {
      get: {
        operationId: 'listBucket',
        summary: 'Ids and versions of the living records of a bucket',
        description: rule,
        parameters: [
          code,
          name,
          parameter('bucket', 'path', 'Number of the bucket.', { type: 'integer', minimum: 0, maximum: summaryBuckets - 1 }),
        ],
        responses: answers('What the bucket holds.', 'Bucket'),
      },
    },
    '/v1/schools/{code}/resources/{name}/records': {
      get: {
        operationId: 'lookUpRecords',
        summary: `Records by their ids, at most ${mostRecords}`,
        description: 'Living records and tombstones as in a page; ids that the resource never had are left out.',
        parameters: [
          code,
          name,
          parameter('id', 'query', 'Ids of records, the parameter once for each.', {
            type: 'array',
            items: { type: 'string', maxLength: 64 },
            minItems: 1,
            maxItems: mostRecords,
          }),
        ],
        responses: { ...answers('The records.', 'Records'), '400': { $ref: '#/components/responses/Invalid' } },
      },
    },
  };
}

function filePath(): Json {
  const etag: Json = { description: 'The SHA-256 in quotation marks.', required: true, schema: { type: 'string' } };
  const headers: Json = { 'Accept-Ranges': { schema: { type: 'string', const: 'bytes' } }, ETag: etag };
  const missing = problemAnswer('The city does not have the file.');
  return {
    head: {
      operationId: 'hasFile',
      summary: 'Whether the city has a file, and how long it is',
      parameters: [code, sha256],
      responses: { '200': { description: 'It has.', headers }, '404': { description: 'It has not.' }, ...refusals },
    },
    get: {
      operationId: 'getFile',
      summary: 'A file, whole or from a byte on',
      parameters: [code, sha256, parameter('Range', 'header', '`bytes=<from>-[<to>]`', { type: 'string' })],
      responses: {
        '200': { description: 'All of it.', headers, content: bytes },
        '206': {
          description: 'The range asked for.',
          headers: { ...headers, 'Content-Range': { schema: { type: 'string' } } },
          content: bytes,
        },
        '404': missing,
        '416': problemAnswer('The range lies outside the file.'),
        ...refusals,
      },
    },
    put: {
      operationId: 'putFile',
      summary: 'Brings a file that an import brought to the school, or the workbook of a roster',
      description: `At most 10 MB; at most ${largestRoster / 1024 / 1024} MB of \`${workbookMediaType}\`.`,
      parameters: [code, sha256],
      requestBody: { required: true, content: bytes },
      responses: {
        '201': { description: 'Taken.' },
        '204': { description: 'The city had it already.' },
        '413': problemAnswer('Larger than the city takes of its type.'),
        '422': problemAnswer('The bytes are not those of the hash.'),
        ...refusals,
      },
    },
  };
}

/** The way of the national database to a file, by the link that a roster gives it. */
function fileLinkPath(): Json {
  const extension = parameter('extension', 'path', 'Extension of the file’s type.', { type: 'string', pattern: '^[0-9a-z]{1,5}$' });
  const operation = (operationId: string, summary: string, content?: Json): Json => ({
    operationId,
    summary,
    description:
      'Needs no token: the hash is what gives the right to it. Its address is the one of `fileLinks`, whose host may be another.',
    security: [],
    parameters: [code, sha256, extension],
    responses: {
      '200': { description: 'The file.', ...(content ? { content } : {}) },
      ...(content ? { '206': { description: 'The range asked for.', content } } : {}),
      '404': problemAnswer('There is no such file.'),
      ...(content ? { '416': problemAnswer('The range lies outside the file.') } : {}),
    },
  });
  return {
    get: operation('getLinkedFile', 'A file by its link', bytes),
    head: operation('hasLinkedFile', 'Whether a link leads to a file'),
  };
}

/** 轉學生臨時帳號 (manual §3.17). */
function temporaryAccountPaths(): Json {
  const once =
    'Sent again with the same idempotency key it is answered the same, the password too, until a newer password was given. The key is as secret as the password.';
  return {
    '/v1/schools/{code}/temporary-accounts': {
      post: {
        operationId: 'openTemporaryAccount',
        summary: 'Opens a temporary account for a transferred student and gives its one-time password',
        description: `The student signs in with the one-time password, must change it first, and reaches the screens for ticking only, until the account expires or is disabled. ${once}`,
        parameters: [code],
        requestBody: { required: true, content: json(ref('TemporaryAccountRequest')) },
        responses: {
          '201': {
            description: 'The account as temporary-accounts has it, and its password.',
            content: json(ref('TemporaryAccountAnswer')),
          },
          '400': { $ref: '#/components/responses/Invalid' },
          '409': problemAnswer('The student has an account for this purpose that is still in use, or its password was replaced since.'),
          '422': problemAnswer('There is no such student, or the account would end before it opens.'),
          ...refusals,
        },
      },
    },
    '/v1/schools/{code}/temporary-accounts/{id}/password': {
      post: {
        operationId: 'renewTemporaryPassword',
        summary: 'Gives an account in use a new one-time password; the one before no longer works',
        description: once,
        parameters: [code, parameter('id', 'path', 'Id of the account.', { type: 'string', maxLength: 64 })],
        requestBody: { required: true, content: json(ref('PasswordRequest')) },
        responses: {
          '201': { description: 'The password.', content: json(ref('PasswordAnswer')) },
          '400': { $ref: '#/components/responses/Invalid' },
          '404': problemAnswer('There is no such account.'),
          '409': problemAnswer('The account was disabled or has expired, or the password was replaced since.'),
          ...refusals,
        },
      },
    },
  };
}

/** The whole document. */
export function centralApiDocument(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: '市級學習歷程中央 API',
      version: '1.0.0',
      description:
        'What the school office program asks of the city: the records of a school, their files, and the way back for its changes. Times are UTC, ISO 8601; days are ISO days of Asia/Taipei; academic years are ROC years. Errors are RFC 9457 problem details.',
    },
    servers: [{ url: 'https://{host}', variables: { host: { default: 'city.example' } } }],
    security: [{ device: [] }],
    paths: {
      '/v1/oauth/token': {
        post: {
          operationId: 'getToken',
          summary: 'A bearer token for an hour (OAuth 2.0 client credentials)',
          description: 'The id and key of the device of a school as HTTP Basic credentials, each percent-encoded (RFC 6749 §2.3.1).',
          security: [{ deviceKey: [] }],
          requestBody: {
            required: true,
            content: {
              'application/x-www-form-urlencoded': {
                schema: { type: 'object', properties: { grant_type: { const: 'client_credentials' } }, required: ['grant_type'] },
              },
            },
          },
          responses: {
            '200': { description: 'The token.', content: json(ref('Token')) },
            '400': { $ref: '#/components/responses/Invalid' },
            '401': { $ref: '#/components/responses/Unauthorized' },
          },
        },
      },
      '/v1/schools/{code}': {
        get: {
          operationId: 'getSchool',
          summary: 'Code and name of the school of the device, and how its files are linked to',
          description:
            '`fileLinks` is the address by which the national database fetches a file that a roster names, with `{sha256}` and `{extension}` in place of the file’s own. It stays the same from year to year.',
          parameters: [code],
          responses: { '200': { description: 'The school.', content: json(ref('School')) }, ...refusals },
        },
      },
      ...resourcePaths(),
      ...comparisonPaths(),
      '/v1/schools/{code}/files/{sha256}': filePath(),
      '/national-files/{code}/{sha256}.{extension}': fileLinkPath(),
      '/v1/schools/{code}/changes': {
        post: {
          operationId: 'postChanges',
          summary: `Changes of the office, at most ${mostChanges}`,
          description:
            'Each is accepted with its new version, meets a conflict (made on a version that is not the current one) or is refused with a code. A change sent again with the same idempotency key is answered the same again.',
          parameters: [code],
          requestBody: { required: true, content: json(ref('ChangesRequest')) },
          responses: {
            '200': { description: 'The fate of each.', content: json(ref('ChangesAnswer')) },
            '400': { $ref: '#/components/responses/Invalid' },
            ...refusals,
          },
        },
      },
      ...temporaryAccountPaths(),
      '/v1/schools/{code}/submissions': {
        post: {
          operationId: 'postSubmission',
          summary: 'Hands a roster in',
          description:
            'Its workbook is put through files first. The result comes through submission-results under the FID answered here. Sent again with the same idempotency key it is handed in once.',
          parameters: [code],
          requestBody: { required: true, content: json(ref('SubmissionRequest')) },
          responses: {
            '201': { description: 'The FID, and the line of submission-results.', content: json(ref('SubmissionAnswer')) },
            '400': { $ref: '#/components/responses/Invalid' },
            '422': problemAnswer(
              '`file.unknown`: the roster was not put before; `roster.unreadable`: it is no workbook; `submission.windowClosed`: there is no submission window of this kind, term and batch, or today lies outside it.',
            ),
            ...refusals,
          },
        },
      },
    },
    components: {
      securitySchemes: {
        device: { type: 'http', scheme: 'bearer', description: 'From /v1/oauth/token.' },
        deviceKey: { type: 'http', scheme: 'basic' },
      },
      responses: {
        Invalid: problemAnswer('The request is not as this document describes it.'),
        Unauthorized: problemAnswer('No token, one that has ended, or a device that is not known.', {
          'WWW-Authenticate': { schema: { type: 'string' } },
        }),
        Forbidden: problemAnswer('The device belongs to another school, or was revoked.'),
        Busy: problemAnswer('Too many requests, or the city is being maintained.', retryAfter),
      },
      schemas: schemas(),
    },
  };
}
