import { describe, expect, it } from 'vitest';
import { slipSelection } from '../../main/features/slips/contract.ts';
import { problemsOf, type SlipForm, selectionOf } from '../../renderer/screens/slips/selection.ts';

const filled: SlipForm = {
  grade: 2,
  classFrom: '',
  classTo: '',
  numberFrom: '',
  numberTo: '',
  currentYear: true,
  dueDate: '2020-09-26',
  remarks: '1. 備註',
};

describe('the form of the confirmation slips', () => {
  it('asks for nothing but 年級 and 繳交截止日期; blank ends of a range are open', () => {
    const selection = selectionOf(filled);
    expect(selection).toEqual({ grade: 2, currentYear: true, dueDate: '2020-09-26', remarks: '1. 備註' });
    expect(slipSelection.safeParse(selection).success).toBe(true);
  });

  it('makes no selection while 年級 or 繳交截止日期 is missing', () => {
    expect(selectionOf({ ...filled, grade: null })).toBeNull();
    expect(selectionOf({ ...filled, dueDate: null })).toBeNull();
  });

  it('takes codes typed in full width', () => {
    expect(selectionOf({ ...filled, classFrom: '２０１ ', classTo: '203' })).toMatchObject({ classFrom: '201', classTo: '203' });
  });

  it('says which range is upside down and makes no selection of it', () => {
    const wrong = { ...filled, numberFrom: '11310040', numberTo: '11310001' };
    expect(problemsOf(wrong)).toEqual({ numberTo: '學號的起訖顛倒了' });
    expect(selectionOf(wrong)).toBeNull();
  });
});
