import { z } from 'zod';
import { recordTreatments } from '../../../domain/transfer-conflicts.ts';
import { defineFeature, job, outgoingFile, query } from '../../application/contract.ts';
import { sectionCounts } from '../students/contract.ts';

export const cabinetAccess = {
  anyOf: [
    { module: 'S0205S', right: 'view' },
    { module: 'S0206S', right: 'view' },
  ],
} as const;

const record = z.record(z.string(), z.unknown());
const termOf = { academicYear: z.int(), semester: z.int() };

/** 學習歷程檔案櫃 (manual §3.5, §3.8): one student's portfolio as the office sees it. */
export const cabinet = defineFeature('cabinet', {
  /** All sections with their records; identities masked. By the city's id, or by 學號. Errors: student.unknown. */
  read: query({
    title: '查看學習歷程檔案櫃',
    input: z.union([z.object({ studentId: z.string().max(64) }), z.object({ studentNumber: z.string().max(50) })]),
    output: z.object({
      student: z.object({
        id: z.string(),
        studentNumber: z.string(),
        name: z.string(),
        identity: z.string().nullable(),
        birthDate: z.string(),
        sex: z.string(),
        className: z.string(),
        seatNumber: z.int().nullable(),
        grade: z.int().nullable(),
        status: z.string(),
        statusChangedOn: z.string().nullable(),
        otherSchoolCode: z.string().nullable(),
        entryYear: z.int(),
        email: z.string().nullable(),
        account: z.string().nullable(),
      }),
      counts: sectionCounts,
      /** 班級 of each term, newest first. */
      enrollments: z.array(z.object({ ...termOf, className: z.string(), seatNumber: z.int(), homeroomTeacher: z.string().nullable() })),
      /** 缺曠 and 獎懲 by term: how often, not what for. */
      attendance: z.array(z.object({ ...termOf, absenceCode: z.string(), periods: z.int() })),
      rewards: z.array(z.object({ ...termOf, kind: z.string(), times: z.int() })),
      learningOutcomes: z.array(record),
      /** With `category` and the category's official fields in `details`. */
      performances: z.array(record),
      cadres: z.array(record),
      consultations: z.array(record),
      autobiographies: z.array(record),
      courseRecords: z.array(record),
      /** What is known of the records' files, by hash. */
      files: z.record(z.string(), z.object({ bytes: z.int(), mediaType: z.string(), damaged: z.boolean() })),
      /** Of records that an import brought, or whose content it replaced, by the record's id. */
      origins: z.record(
        z.string(),
        z.object({
          importId: z.string(),
          createdAt: z.string(),
          createdBy: z.string(),
          fileName: z.string(),
          treatment: z.enum(recordTreatments),
          /** SHA-256 of the record's files that came with it. */
          files: z.array(z.string()),
        }),
      ),
      /** What the schools of the records are called, by code, where it is known. */
      schoolNames: z.record(z.string(), z.string()),
    }),
    access: cabinetAccess,
    audit: { action: 'view', students: (_input, output) => [output.student.id] },
  }),
  /** 身分證統一編號 in full. Errors: student.unknown. */
  revealIdentity: query({
    title: '顯示身分證統一編號',
    input: z.object({ studentId: z.string().max(64) }),
    output: z.object({ identity: z.string().nullable() }),
    access: cabinetAccess,
    audit: { action: 'reveal', students: ({ studentId }) => [studentId] },
  }),
  /**
   * A record's file, fetched from the city where it is not here yet, ready to be shown out of the store. Errors: cabinet.noFile,
   * sync.offline, attachment.damaged.
   */
  openFile: job({
    title: '開啟學生的檔案',
    input: z.object({
      kind: z.enum(['outcome', 'performance', 'autobiography']),
      recordId: z.string().max(64),
      slot: z.enum(['document', 'media']),
    }),
    output: z.object({ file: outgoingFile, studentId: z.string() }),
    access: cabinetAccess,
    audit: { action: 'view', students: (_input, { studentId }) => [studentId] },
  }),
});
