/** What of the contract is asked once and never changes while the program runs, or is not data at all. */
const untouched: ReadonlySet<string> = new Set(['session.newCaptcha', 'session.readCaptchaAloud']);

/**
 * Whether a query must be asked again after the backend said that tables changed. A topic is a feature's name
 * (`transferOut`), a resource of the city (`students`) or a table. A feature's own topic concerns that feature and
 * the figures on 首頁; anything else came from the city and may show anywhere.
 */
export function concerns(operation: string, topics: readonly string[], features: ReadonlySet<string>): boolean {
  if (untouched.has(operation)) return false;
  const feature = operation.slice(0, operation.indexOf('.'));
  if (feature === 'session') return topics.includes('session') || topics.includes('settings');
  if (feature === 'jobs') return topics.includes('jobs');
  return topics.some((topic) => topic === feature || feature === 'dashboard' || !features.has(topic));
}

/** Names of features, so that a topic can be told from a table's name. `students` is the city's resource as well. */
export const featureTopics: ReadonlySet<string> = new Set([
  'session',
  'jobs',
  'dashboard',
  'sync',
  'transferOut',
  'transferIn',
  'transferCases',
  'slips',
  'roles',
  'parameters',
  'courseCounselors',
  'coTeaching',
  'performances',
  'cabinet',
  'schedule',
  'outcomes',
  'receipts',
  'certification',
  'usage',
  'selfStudy',
  'temporaryAccounts',
  'counselors',
  'terms',
  'submissions',
  'receiptStatements',
  'audit',
  'retention',
  'backup',
]);
