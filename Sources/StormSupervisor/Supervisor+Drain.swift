internal import Logging

/// What the cluster was told of this supervisor last.
struct PublishedState: Equatable {
    var usedPorts: [Int]
    var isDraining: Bool
}

extension Supervisor {
    /// Has nimbus empty all slots, so that this machine can go without a failed tree: nimbus pauses each topology that
    /// has a worker here, waits for its trees, and assigns its executors elsewhere. Returns when that is done, or when
    /// the limit is over. Without one it does nothing.
    func drain() async {
        guard let limit = configuration.drainLimit, seats.values.contains(where: { !$0.slot.isEmpty }) else { return }
        isDraining = true
        logger.info("asked to stop: waits until its slots are emptied", metadata: ["limit": "\(limit)"])
        publish()
        let start = ContinuousClock.now
        let isEmpty = await allEmpty(within: limit)
        let elapsed = ContinuousClock.now - start
        if isEmpty {
            logger.info("its slots are empty", metadata: ["elapsed": "\(elapsed)"])
        } else {
            let ports = seats.filter { !$0.value.slot.isEmpty }.keys.sorted()
            logger.warning("stops although not all slots are empty", metadata: ["ports": "\(ports)"])
        }
    }
}
