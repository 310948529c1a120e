// Hands numbers on, by Storm's own storm.js; fails one of ten, the first time that it comes.
const { BasicBolt } = require('./storm');

class Pass extends BasicBolt {
    initialize(conf, context, done) {
        this.failed = new Set();
        this.logInfo('the bolt in JavaScript is ready, as task', context.taskid);
        done();
    }

    process(tuple, done) {
        const number = tuple.values[0];
        if (number % 10 === 0 && !this.failed.has(number)) {
            this.failed.add(number);
            return done(new Error('not this time'));
        }
        this.emit({ tuple: [number], anchorTupleId: tuple.id }, () => done());
    }
}

new Pass().run();
