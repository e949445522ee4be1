/** Which field of 匯入設定 a refusal is about, so that the field is marked and what was typed stays. */
export type RefusedField = 'md5' | 'password' | 'file';

const aboutMd5 = /^transferIn\.md5/;
const aboutStudents = /^transferIn\.(student|account|imported|choice|notReplaceable|check|changedMeanwhile)/;

/** @param code of the backend's refusal; null when it is about none of the fields (disk full, cancelled) */
export function fieldRefusedBy(code: string): RefusedField | null {
  if (aboutMd5.test(code)) return 'md5';
  if (code === 'transferIn.passwordWrong') return 'password';
  if (code === 'file.unknown' || (code.startsWith('transferIn.') && !aboutStudents.test(code))) return 'file';
  return null;
}
