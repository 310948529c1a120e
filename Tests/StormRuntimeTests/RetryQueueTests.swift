import StormCore
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

@Suite struct RetryQueueTests {
    private static let millisecond: Int64 = 1_000_000

    private func policy(
        from first: Int = 100, to longest: Int = 1000, multiplier: Double = 2, jitter: Double = 0,
        maxWaiting: Int = 1000
    ) -> RetryPolicy {
        .attempts(
            5,
            backoff: .exponential(
                from: .milliseconds(first), to: .milliseconds(longest), multiplier: multiplier, jitter: jitter),
            maxWaiting: maxWaiting)
    }

    @Test func pausesGrowUpToTheLongestAndStayThere() {
        let backoff = policy().backoff
        let pauses = (1...7).map { backoff.nanoseconds(afterFailure: $0) / Self.millisecond }
        #expect(pauses == [100, 200, 400, 800, 1000, 1000, 1000])
        #expect(backoff.nanoseconds(afterFailure: .max) == 1000 * Self.millisecond)
        #expect(backoff.nanoseconds(afterFailure: .max - 1) == 1000 * Self.millisecond)
    }

    @Test func aFirstPauseAboveTheLongestIsCut() {
        #expect(policy(from: 5000, to: 70).backoff.nanoseconds(afterFailure: 1) == 70 * Self.millisecond)
    }

    @Test func aConstantPauseStaysAndAZeroPauseIsNone() {
        let constant = RetryPolicy.Backoff.constant(.milliseconds(30), jitter: 0)
        #expect((1...5).allSatisfy { constant.nanoseconds(afterFailure: $0) == 30 * Self.millisecond })
        #expect(policy(from: 0).backoff.nanoseconds(afterFailure: 9) == 0)
    }

    @Test func anEndlessPauseDoesNotOverflow() {
        let backoff = RetryPolicy.Backoff.exponential(from: .seconds(Int64.max), to: .seconds(Int64.max), jitter: 1)
        var queue = RetryQueue<Int>(.attempts(2, backoff: backoff), seed: 1)
        for number in 1...100 { #expect(queue.add(number, afterFailure: number, now: .max - 5) > 0) }
        #expect(queue.popDue(now: .max - 6) == nil)
    }

    @Test(arguments: [0.0, 0.2, 0.5, 1.0])
    func jitterStaysWithinItsPartOfThePauseAndFillsIt(jitter: Double) {
        let backoff = policy(jitter: jitter).backoff
        var random = FastRandom(seed: 7)
        let pauses = (0..<10_000).map { _ in backoff.jittered(afterFailure: 2, using: &random) }
        let pause = Double(200 * Self.millisecond)
        let (low, high) = (Int64(pause * (1 - jitter)), Int64(pause * (1 + jitter)))
        #expect(pauses.allSatisfy { $0 >= low && $0 <= high })
        let middle = pauses.reduce(0, +) / Int64(pauses.count)
        #expect(abs(Double(middle) - pause) <= 0.03 * pause)
        if jitter > 0 {
            #expect(Double(pauses.max()! - pauses.min()!) > 1.9 * jitter * pause)
        }
    }

    @Test func messagesComeOutWhenTheyAreDueTheSoonestFirst() {
        var queue = RetryQueue<String>(policy(), seed: 1)
        #expect(queue.add("third", afterFailure: 3, now: 0) == 400 * Self.millisecond)
        queue.add("first", afterFailure: 1, now: 0)
        queue.add("second", afterFailure: 2, now: 0)
        #expect(queue.nextDue == 100 * Self.millisecond)
        #expect(queue.popDue(now: 100 * Self.millisecond - 1) == nil)
        #expect(queue.popDue(now: 100 * Self.millisecond) == "first")
        #expect(queue.popDue(now: 100 * Self.millisecond) == nil)
        #expect(queue.popDue(now: 999 * Self.millisecond) == "second")
        #expect(queue.popDue(now: 999 * Self.millisecond) == "third")
        #expect(queue.nextDue == nil && queue.count == 0)
    }

    @Test func whatIsDueAtOnceGoesBeforeWhatWaits() {
        var queue = RetryQueue<String>(policy(), seed: 1)
        queue.add("waits", afterFailure: 1, now: 5)
        queue.addDue("now", now: 5)
        #expect(queue.popDue(now: 5) == "now")
        #expect(queue.popDue(now: 5) == nil)
    }

    @Test func aFullQueueSaysSoAndStillTakesWhatHasFailed() {
        var queue = RetryQueue<Int>(policy(maxWaiting: 3), seed: 1)
        for number in 0..<3 {
            #expect(!queue.isFull)
            queue.add(number, afterFailure: 1, now: 0)
        }
        #expect(queue.isFull)
        queue.add(3, afterFailure: 1, now: 0)
        #expect(queue.count == 4)
        #expect(queue.removeAll() == [0, 1, 2, 3] && queue.count == 0)
    }

    /// Against a sorted list, for every order of a few and for many random ones.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5])
    func theOrderIsThatOfANaiveQueue(seed: UInt64) {
        var random = FastRandom(seed: seed)
        var queue = RetryQueue<Int>(policy(from: 10, to: 500, jitter: 1), seed: seed)
        var naive: [(due: Int64, number: Int)] = []
        var now: Int64 = 0
        var number = 0
        for _ in 0..<5000 {
            now += Int64.random(in: 0...20 * Self.millisecond, using: &random)
            if Bool.random(using: &random) {
                let due = queue.add(number, afterFailure: Int.random(in: 1...8, using: &random), now: now)
                naive.append((due, number))
                number += 1
            } else {
                let expected = naive.filter { $0.due <= now }.min { ($0.due, $0.number) < ($1.due, $1.number) }
                #expect(queue.popDue(now: now) == expected?.number)
                naive.removeAll { $0.number == expected?.number }
            }
            #expect(queue.count == naive.count && queue.nextDue == naive.map(\.due).min())
        }
    }

    @Test func historyKeepsTheFirstAndTheLatest() {
        var history: [DeadLetter.Failure] = []
        for time in 0..<50 {
            history.note(DeadLetter.Failure(cause: FailureCause(reason: .threw), timeMilliseconds: Int64(time)))
        }
        #expect(history.count == DeadLetter.historyMax)
        #expect(history.first?.timeMilliseconds == 0)
        #expect(history.dropFirst().map(\.timeMilliseconds) == (31..<50).map(Int64.init))
    }

    @Test func idsOfLettersNeverRepeatAlsoWhenTheClockStandsStillOrGoesBack() {
        var ids = DeadLetterIDs()
        let times: [Int64] = [1000, 1000, 1000, 5, 2000]
        let made = times.map { ids.next(task: TaskID(7), epochMilliseconds: $0) }
        #expect(Set(made).count == made.count)
        #expect(made.allSatisfy { $0.hasPrefix("7-") })
    }
}
