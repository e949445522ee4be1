import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
beforeEach(async () => {
  trial = await openTrial();
});
afterEach(() => trial.close());

const groups = async (kind: 'subject' | 'custom') => (await trial.call('selfStudy.groups', { kind })).groups;

describe('設定學科/領域認證老師', () => {
  test('a group is made, renamed and given teachers; the city has it all', async () => {
    const { id } = await trial.call('selfStudy.createGroup', { kind: 'subject', name: ' 數學 ' });
    await trial.call('selfStudy.renameGroup', { id, name: '數學科' });
    const { available } = await trial.call('selfStudy.members', { groupId: id });
    const chosen = available.slice(0, 3).map((teacher) => teacher.id);
    await trial.call('selfStudy.changeMembers', { groupId: id, add: chosen, remove: [] });
    await trial.call('selfStudy.changeMembers', { groupId: id, add: [], remove: [chosen[1]!] });
    await trial.application.synchronise({ resources: [] });
    await trial.application.synchronise({ resources: ['certifier-groups'], full: true });
    expect((await groups('subject')).find((group) => group.id === id)).toMatchObject({ name: '數學科', members: 2, stage: null });
    const members = await trial.call('selfStudy.members', { groupId: id });
    expect(members.chosen.map((teacher) => teacher.id).sort()).toEqual([chosen[0], chosen[2]].sort());
    expect(members.available.length + members.chosen.length).toBe(available.length);
  });

  test('a name is there once in its kind, and may be in both', async () => {
    await expect(trial.call('selfStudy.createGroup', { kind: 'subject', name: '國文' })).rejects.toMatchObject({
      code: 'selfStudy.nameTaken',
    });
    await trial.call('selfStudy.createGroup', { kind: 'custom', name: '國文' });
    await expect(trial.call('selfStudy.createGroup', { kind: 'subject', name: '   ' })).rejects.toMatchObject({ code: 'input.invalid' });
  });

  test('a group that the order asks cannot be deleted; one that it does not can', async () => {
    const asked = (await groups('custom')).find(({ stage }) => stage !== null)!;
    await expect(trial.call('selfStudy.removeGroup', { id: asked.id })).rejects.toMatchObject({
      code: 'selfStudy.groupInUse',
      details: { stage: asked.stage },
    });
    const { stages } = await trial.call('selfStudy.order', {});
    await trial.call('selfStudy.saveOrder', { stages: stages.filter(({ certifierGroupId }) => certifierGroupId !== asked.id) });
    await trial.call('selfStudy.removeGroup', { id: asked.id });
    expect((await groups('custom')).map(({ id }) => id)).not.toContain(asked.id);
    await expect(trial.call('selfStudy.members', { groupId: asked.id })).resolves.toMatchObject({ chosen: expect.any(Array) });
  });
});

describe('設定認證順序', () => {
  test('is saved whole: moved, removed and new stages, and the city has the same', async () => {
    const { stages } = await trial.call('selfStudy.order', {});
    expect(stages.map(({ kind }) => kind)).toEqual(['customGroup', 'subjectTeacher', 'homeroomTeacher']);
    const other = (await groups('custom')).find(({ stage }) => stage === null)!;
    const wanted = [stages[2]!, { kind: 'customGroup' as const, certifierGroupId: other.id }, stages[0]!];
    expect(await trial.call('selfStudy.saveOrder', { stages: wanted })).toEqual({ stages: 3, emptyGroups: [] });
    expect((await trial.call('selfStudy.order', {})).stages).toEqual(wanted);
    await trial.application.synchronise({ resources: [] });
    await trial.application.synchronise({ resources: ['certification-stages'], full: true });
    expect((await trial.call('selfStudy.order', {})).stages).toEqual(wanted);
  });

  test('no stage twice, none of a group that is gone, never none at all; an empty group is told', async () => {
    const { stages } = await trial.call('selfStudy.order', {});
    const save = (next: typeof stages) => trial.call('selfStudy.saveOrder', { stages: next });
    await expect(save([...stages, { kind: 'homeroomTeacher', certifierGroupId: 'any' }])).rejects.toMatchObject({
      code: 'selfStudy.stageTwice',
    });
    await expect(save([...stages, stages[0]!])).rejects.toMatchObject({ code: 'selfStudy.stageTwice' });
    await expect(save([{ kind: 'customGroup', certifierGroupId: 'gone' }])).rejects.toMatchObject({ code: 'selfStudy.groupUnknown' });
    await expect(save([])).rejects.toMatchObject({ code: 'selfStudy.noStage' });
    expect((await trial.call('selfStudy.order', {})).stages).toEqual(stages);
    const { id } = await trial.call('selfStudy.createGroup', { kind: 'custom', name: '教務處審核' });
    expect(await save([...stages, { kind: 'customGroup', certifierGroupId: id }])).toMatchObject({ emptyGroups: ['教務處審核'] });
  });
});
