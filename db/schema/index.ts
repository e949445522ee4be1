/** Every table of the office's database. The attachment store and the sync's staging have their own small files. */
export * from './access.ts';
export * from './audit.ts';
export * from './courses.ts';
export * from './exchange.ts';
export * from './office.ts';
export * from './people.ts';
export * from './portfolio.ts';
export * from './receipt-statements.ts';
export * from './retention.ts';
export * from './submissions.ts';
