/** The two role groups of the manual's own example (§3.1), with every right on their modules. */
export const sampleRoleGroups = [
  { id: 'sample-group-001', code: '001', name: '學習成果提交人員', modules: ['S0205S', 'S0207S'] },
  { id: 'sample-group-002', code: '002', name: '多元表現提交人員', modules: ['S0206S', 'S0208S'] },
] as const;
