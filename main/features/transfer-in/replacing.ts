import type { DraftOf, FileReference } from '../../central/resources.ts';
import type { Conflict } from './register.ts';

/** A record that is here, with the content of the file in place of its own. */

type OwnRecord = DraftOf<'outcomes'> | DraftOf<'performances'> | DraftOf<'cadres'>;

/** The same bytes keep the name that they have here. */
const sameOr = (here: FileReference | null, inFile: FileReference | null) =>
  here && inFile && here.sha256 === inFile.sha256 ? here : inFile;

/**
 * What the format carries is the file's; what this school added since stays: course, certification, ticks, and the id. How far a record
 * of another school had come there (認證狀態, 提交紀錄) is that school's to say, so it comes along; of this school's own record it stays.
 * @param here the record as it is now, without version and tombstone
 * @param schoolCode this school's own
 */
export function merged(conflict: Conflict, here: OwnRecord, schoolCode: string): OwnRecord {
  const own = here.sourceSchoolCode === schoolCode;
  const fromSender = {
    sourceUnitCode: conflict.record.sourceUnitCode ?? here.sourceUnitCode,
    submittedTerm: own ? here.submittedTerm : conflict.record.submittedTerm,
  };
  switch (conflict.kind) {
    case 'outcome': {
      const before = here as DraftOf<'outcomes'>;
      const { record } = conflict;
      const certification = before.beforeTransfer
        ? {
            state: record.state,
            certifiedAt: record.certifiedAt ?? before.certifiedAt,
            certifierName: record.certifierName ?? before.certifierName,
            certificationRemark: record.certificationRemark ?? before.certificationRemark,
            sentForCertificationAt: record.sentForCertificationAt ?? before.sentForCertificationAt,
          }
        : {};
      return {
        ...before,
        ...fromSender,
        ...certification,
        subjectName: record.subjectName,
        credits: record.credits,
        grade: record.grade,
        courseSemester: record.courseSemester,
        exchange: record.exchange,
        retake: record.retake,
        retakeTerm: record.retakeTerm,
        retakeMethod: record.retakeMethod,
        makeup: record.makeup,
        makeupTerm: record.makeupTerm,
        makeupMethod: record.makeupMethod,
        repeat: record.repeat,
        repeatTerm: record.repeatTerm,
        document: sameOr(before.document, record.document),
        media: sameOr(before.media, record.media),
        summary: record.summary,
        uploadedTerm: record.uploadedTerm,
      };
    }
    case 'performance': {
      const before = here as DraftOf<'performances'>;
      const { record } = conflict;
      return {
        ...before,
        ...fromSender,
        details: { ...before.details, ...record.details },
        summary: record.summary,
        document: sameOr(before.document, record.document),
        media: sameOr(before.media, record.media),
        externalLink: record.externalLink,
        uploadedTerm: record.uploadedTerm,
      };
    }
    case 'cadre': {
      const before = here as DraftOf<'cadres'>;
      return { ...before, ...fromSender, endsOn: conflict.record.endsOn, levelCode: conflict.record.levelCode };
    }
  }
}
