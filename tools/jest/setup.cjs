// Property tests draw the same examples in every run, so that a change is judged by its own merits. NERFSEG_RANDOM_TESTS=1
// draws others each time: for hunting.
const fc = require('fast-check');

fc.configureGlobal(process.env.NERFSEG_RANDOM_TESTS ? {} : { seed: 20241102 });
