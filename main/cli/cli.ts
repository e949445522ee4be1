/** Entry of the command line: `npm run --silent cli -- COMMAND …` in a checkout, `out/main/cli.js` when built. */
import { runCommandLine } from './run.ts';

process.exit(await runCommandLine(process.argv.slice(2)));
