/** Entry of the command line: `npm run --silent cli -- COMMAND …` in a checkout, `out/main/cli.js` when built. */
import { keepOutOfCoreDumps } from '../platform/core-dumps.ts';
import { runCommandLine } from './run.ts';

keepOutOfCoreDumps();
process.exit(await runCommandLine(process.argv.slice(2)));
