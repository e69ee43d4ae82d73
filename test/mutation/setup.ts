import fc from 'fast-check';

// The same examples for every mutant, and no search for a smaller one: that it fails is all that is asked.
fc.configureGlobal({ seed: 20261122, endOnFailure: true });
