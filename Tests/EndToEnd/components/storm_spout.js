// A reliable spout by Storm's own storm.js. usage: storm_spout.js FOLDER RATE COUNT
const { Spout } = require('./storm');
const Ledger = require('./ledger');

class Numbers extends Spout {
    initialize(conf, context, done) {
        this.ledger = new Ledger(process.argv[2], Number(process.argv[3]), Number(process.argv[4]));
        done();
    }

    activate(done) { done(); }
    deactivate(done) { done(); }

    nextTuple(done) {
        const number = this.ledger.take();
        if (number === null) return void setTimeout(done, 1);
        this.emit({ tuple: [number], id: number }, () => {});
        done();
    }

    ack(id, done) {
        this.ledger.ack(id);
        done();
    }

    fail(id, done) {
        this.ledger.fail(id);
        done();
    }
}

new Numbers().run();
