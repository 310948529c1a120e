import StormCore
import StormTopology
import StormWire

extension SpoutExecutor {
    /// Puts a failed message aside for its next attempt, or on its way to the dead letters.
    /// - Returns: false when the spout has to replay it.
    func keepForRetry(_ task: Task, _ id: MessageID, _ root: UInt64, _ cause: FailureCause) -> Bool {
        guard let retry = task.retry, let setup = limits.retry else { return false }
        switch retry.failed(root, id, cause, now: loop.now()) {
        case .spout: return false
        case .later: return true
        case .bury(let letter, let ticket):
            let number = task.id
            setup.letters.add(letter) { [weak self] result in
                // After the loop's end nobody waits for it any more.
                self?.post { ($0 as? SpoutExecutor)?.buried(number, letter, ticket, result) }
            }
            return true
        }
    }

    /// A message that could not be emitted will not be another time: it becomes a dead letter at once, without values.
    /// - Returns: false when the spout has to see to it.
    func buryRefused(_ task: Task, _ id: MessageID, _ cause: FailureCause) -> Bool {
        guard let retry = task.retry, let setup = limits.retry else { return false }
        let number = task.id
        setup.letters.add(retry.letter(ofRefused: id, cause)) { [weak self] result in
            self?.post { executor in
                guard let task = (executor as? SpoutExecutor)?.tasks.first(where: { $0.id == number }) else { return }
                switch result {
                case .success:
                    task.retry?.refusedWasStored()
                    task.spout.deadLettered(id, cause.reason)
                case .failure: task.spout.fail(id, cause.reason)
                }
                task.nextPoll = 0
            }
        }
        return true
    }

    /// The store's answer. On the loop.
    private func buried(
        _ id: TaskID, _ letter: DeadLetter, _ ticket: Int, _ result: Result<Void, DeadLetterError>
    ) {
        guard let task = tasks.first(where: { $0.id == id }), let retry = task.retry else { return }
        switch result {
        case .success:
            if let message = retry.stored(ticket) { task.spout.deadLettered(message.id, message.lastReason) }
        case .failure(let error):
            guard retry.notStored(ticket, now: loop.now()) != nil else { return }
            task.errors.report(
                "message \(letter.messageID) failed \(letter.attempts) times and cannot become a dead letter: "
                    + "\(error); it is tried again, at the longest pause")
        }
        task.nextPoll = 0
    }

    /// Emits a dead letter again, on the loop. `onEnd` is told once, unless the worker ends before.
    func replay(_ letter: DeadLetter, task id: TaskID, _ onEnd: @escaping @Sendable (ReplayOutcome) -> Void) {
        // Not open yet, or closed.
        guard let task = tasks.first(where: { $0.id == id }) else { return onEnd(.busy) }
        guard let retry = task.retry else {
            return onEnd(.refused("spout '\(component)' has no retry policy (topology.retry.max.attempts is 0)"))
        }
        retry.replay(letter, now: loop.now(), onEnd)
    }
}
