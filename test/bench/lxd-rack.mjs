// Runs the simulated LXD until standard input ends; prints the configuration that reads it.
import { startDemoRack } from '../../dist/demo/index.js';

const rack = await startDemoRack();
process.stdout.write(JSON.stringify(rack.sources.lxd));
process.stdin.resume();
process.stdin.on('end', () => rack.close());
