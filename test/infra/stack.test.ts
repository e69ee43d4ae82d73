// In one file: to bundle every function takes nine seconds of processor time and to load the CDK another three, once a
// worker that runs any of these.
import './bundles.ts';
import './mail-permissions.ts';
import './permissions.ts';
import './template.ts';
