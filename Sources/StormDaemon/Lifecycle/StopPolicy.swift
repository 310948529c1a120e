/// What a program does with requests to stop: first it stops gracefully, then hard, then at once.
///
/// Pure: events in, actions out. The owner keeps the time.
struct StopPolicy {
    enum Event: Equatable {
        case stopRequested
        /// The time given with the last `deadline` action is over.
        case deadlinePassed
    }

    enum Action: Equatable {
        /// Ask the services to finish what they are at; report when the grace is over.
        case stopGracefully(deadline: Duration)
        /// Cancel the services; report when this has taken too long as well.
        case cancel(deadline: Duration)
        case exitNow
    }

    private enum Phase { case running, stopping, cancelled, exiting }

    private let grace: Duration
    private let cancelLimit: Duration
    private var phase = Phase.running

    init(grace: Duration, cancelLimit: Duration) {
        self.grace = grace
        self.cancelLimit = cancelLimit
    }

    mutating func handle(_ event: Event) -> Action? {
        switch (phase, event) {
        case (.running, .stopRequested):
            phase = .stopping
            return .stopGracefully(deadline: grace)
        case (.stopping, _):
            phase = .cancelled
            return .cancel(deadline: cancelLimit)
        case (.cancelled, _):
            phase = .exiting
            return .exitNow
        case (.running, .deadlinePassed), (.exiting, _):
            return nil
        }
    }
}
