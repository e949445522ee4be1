import { DownOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import type { TransferDirection } from '../../../domain/transfer-case.ts';
import { CaseDrawer } from './case-drawer.tsx';
import { StepDialogs } from './step-dialogs.tsx';
import type { BulkStep, CaseSteps } from './use-case-steps.ts';

/** 更多: the steps that are recorded less often. */
export function MoreSteps({ steps, disabled }: { steps: readonly BulkStep[]; disabled: boolean }) {
  return (
    <Dropdown
      trigger={['click']}
      disabled={disabled}
      menu={{
        items: steps.map(({ text, cases, start }) => ({ key: text, label: text, disabled: cases.length === 0, onClick: start })),
      }}
    >
      <Button disabled={disabled} icon={<DownOutlined aria-hidden />} iconPlacement="end">
        更多
      </Button>
    </Dropdown>
  );
}

/** What opens over a list of cases: one case, and the dialog of a step. */
export function CaseWindows({ direction, steps }: { direction: TransferDirection; steps: CaseSteps }) {
  const { step, start, cancel, finish, opened, setOpened } = steps;
  return (
    <>
      <CaseDrawer direction={direction} opened={opened} onOpen={setOpened} onStep={start} covered={step !== null} />
      <StepDialogs direction={direction} step={step} onClose={cancel} onDone={finish} />
    </>
  );
}
