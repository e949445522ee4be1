import type { TransferDirection } from '../../../domain/transfer-case.ts';
import { ReceiveDialog, RequestDialog } from './arrival-dialogs.tsx';
import type { WantedStep } from './case-row.ts';
import { SchoolDialog, UnneededDialog } from './common-dialogs.tsx';
import { AcknowledgeDialog, HandOverDialog, TellPasswordDialog } from './leaver-dialogs.tsx';

interface StepDialogsProps {
  direction: TransferDirection;
  /** Null shows nothing. */
  step: WantedStep | null;
  onClose: () => void;
  onDone: (note: string) => void;
}

/** The dialog of the step that the clerk is about to record. */
export function StepDialogs({ direction, step, onClose, onDone }: StepDialogsProps) {
  if (!step) return null;
  const props = { cases: step.cases, onClose, onDone };
  switch (step.kind) {
    case 'handOver':
      return <HandOverDialog {...props} />;
    case 'tellPassword':
      return <TellPasswordDialog {...props} />;
    case 'acknowledge':
      return <AcknowledgeDialog {...props} />;
    case 'request':
      return <RequestDialog {...props} />;
    case 'receive':
      return <ReceiveDialog {...props} />;
    case 'unneeded':
      return <UnneededDialog direction={direction} {...props} />;
    case 'school':
      return <SchoolDialog direction={direction} {...props} />;
  }
}
