import { backingUp, restoring } from '../backup-work.ts';
import { pushing, synchronising } from '../city-work.ts';
import { killing } from '../killing.ts';
import { migrating } from '../migration-work.ts';
import { changing } from '../office-work.ts';
import { importing, takingBack } from '../transfer-in.ts';
import { exporting } from '../transfer-out.ts';

export const cutPower = killing({
  name: 'cut-power',
  title: 'the power goes: what was not flushed to the disk is lost',
  works: [exporting, importing, takingBack, synchronising, pushing, backingUp, restoring, migrating, changing],
  power: true,
});
