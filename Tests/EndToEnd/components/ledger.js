// What ledger.py does, in JavaScript.
const fs = require('fs');
const path = require('path');

class Ledger {
    constructor(folder, rate, count) {
        fs.mkdirSync(folder, { recursive: true });
        Object.assign(this, { folder, rate, count, given: 0, waiting: new Set(), start: Date.now() });
        this.acked = new Set(this.numbers('acked'));
        this.following = this.numbers('begun').reduce((most, number) => Math.max(most, number), -1) + 1;
        this.again = [];
        for (let number = 0; number < this.following; number++) if (!this.acked.has(number)) this.again.push(number);
    }

    path(name) { return path.join(this.folder, name); }
    note(name, number) { fs.appendFileSync(this.path(name), number + '\n'); }

    // A process that was killed may have left half a line at the end.
    numbers(name) {
        if (!fs.existsSync(this.path(name))) return [];
        return fs.readFileSync(this.path(name), 'utf8').split('\n').slice(0, -1).map(Number);
    }

    // The next number to emit, or null.
    take() {
        if (this.given >= (Date.now() - this.start) / 1000 * this.rate) return null;
        let number;
        if (this.again.length > 0) {
            number = this.again.pop();
        } else if (this.following < this.count && !fs.existsSync(this.path('stop'))) {
            number = this.following++;
            this.note('begun', number);
        } else {
            this.finish();
            return null;
        }
        this.given++;
        this.waiting.add(number);
        return number;
    }

    ack(number) {
        this.waiting.delete(number);
        this.acked.add(number);
        this.note('acked', number);
    }

    fail(number) {
        this.note('failed', number);
        if (this.waiting.delete(number)) this.again.push(number);
    }

    finish() {
        if (this.waiting.size > 0 || this.acked.size !== this.following || fs.existsSync(this.path('done'))) return;
        fs.writeFileSync(this.path('done.new'), this.following + '\n');
        fs.renameSync(this.path('done.new'), this.path('done'));
    }
}

module.exports = Ledger;
