/**
 * Taking an import back (復原): on its day, as long as nothing else was built on what it brought. What stands in the way, in words. Pure.
 */
export const undoObstacles = [
  'changed',
  'certified',
  'ticked',
  'submitted',
  'handedIn',
  'disputed',
  'slipPrinted',
  'handedOver',
  'laterImport',
] as const;
export type UndoObstacle = (typeof undoObstacles)[number];
export const undoObstacleNames: Record<UndoObstacle, string> = {
  changed: '匯入之後內容已經變動',
  certified: '匯入之後認證情形已經變動',
  ticked: '匯入之後學生已勾選',
  submitted: '匯入之後已提交至中央資料庫',
  handedIn: '已列入提交的名冊',
  disputed: '與市級系統的差異還沒有處理',
  slipPrinted: '匯入之後已列印情形通知單',
  handedOver: '匯入之後已產生轉出的匯出檔案',
  laterImport: '之後又匯入過這位學生的檔案，請先復原那一次',
};

type Draft = Readonly<Record<string, unknown>>;

const certification = ['state', 'certifierId', 'certifierName', 'certifiedAt', 'certificationRemark', 'sentForCertificationAt'];

/** An instant by its moment, an object by its content, whatever the order of its keys. */
function canonical(value: unknown): unknown {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)) {
    const time = Date.parse(value);
    return Number.isNaN(time) ? value : time;
  }
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map(canonical);
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, canonical(inner)]));
}

/**
 * What happened to a record since it was written.
 * @param written as the import wrote it
 * @param now as it is, without version and tombstone
 */
export function changeSince(written: Draft, now: Draft): UndoObstacle | null {
  const differs = (key: string) => JSON.stringify(canonical(written[key])) !== JSON.stringify(canonical(now[key]));
  const differing = new Set([...Object.keys(written), ...Object.keys(now)].filter(differs));
  if (differing.size === 0) return null;
  if (differing.has('submittedTerm')) return 'submitted';
  if (differing.has('tickedAt') && now.tickedAt !== null) return 'ticked';
  return certification.some((key) => differing.has(key)) ? 'certified' : 'changed';
}
