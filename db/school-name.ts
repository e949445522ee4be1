/**
 * The name of another school by its code, as SQL: what the city's code list calls it (code table `school`), else what the office called it
 * when it tracked a transfer; null where nobody has.
 * @param code an SQL expression
 */
export const schoolName = (code: string): string => `coalesce(
  (select label from codes where code_table = 'school' and code = ${code} and deleted_at is null order by valid_from_year desc limit 1),
  (select other_school_name from transfer_cases
   where other_school_code = ${code} and other_school_name is not null order by opened_at desc limit 1))`;
