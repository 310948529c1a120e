extension ConfigKeys {
    static let topologyQueues: [ConfigKeyInfo] = [
        .int(
            "topology.executor.receive.buffer.size", 32768, must: .atLeast(1),
            "tuples that may wait for one executor; rounded up to a power of two"
        ),
        .int(
            "topology.transfer.buffer.size", 1000, must: .atLeast(1),
            "batches that may wait for the connection to another worker"
        ),
        .int(
            "topology.transfer.batch.size", 1, must: .atLeast(1),
            "least tuples per batch to other workers; batches fill by bytes here, so 1 is right"
        ),
        .int(
            "topology.producer.batch.size", 1, must: .atLeast(1),
            "least tuples per batch inside a worker; batches fill by bytes here, so 1 is right"
        ),
        .without("topology.producer.batch.dynamic", .bool, false, noSpinning),
        .int(
            "topology.batch.flush.interval.millis", 1, must: .atLeast(0), unit: .milliseconds,
            "longest time that a part-filled batch of a busy executor waits"
        ),
        .int(
            "topology.executor.overflow.limit", 0, must: .atLeast(0),
            "tuples beyond the queue that are taken rather than dropped; 0: no limit"
        ),
        .int(
            "topology.backpressure.check.millis", 50, must: .atLeast(1), unit: .milliseconds,
            "how often a sender without credit is looked at again"
        ),
        .without("topology.backpressure.enable", .bool, noSpinning),
        .without("topology.spout.recvq.skips", .int, 3, noSpinning),
        .without(
            "topology.spout.wait.strategy", .string,
            "org.apache.storm.policy.WaitStrategyProgressive", noSpinning
        ),
        .without("topology.spout.wait.park.microsec", .number, 100, noSpinning),
        .without("topology.spout.wait.progressive.level1.count", .int, 0, noSpinning),
        .without("topology.spout.wait.progressive.level2.count", .int, 0, noSpinning),
        .without("topology.spout.wait.progressive.level3.sleep.millis", .number, 1, noSpinning),
        .without("topology.bolt.wait.strategy", .string, "org.apache.storm.policy.WaitStrategyProgressive", noSpinning),
        .without("topology.bolt.wait.park.microsec", .number, 100, noSpinning),
        .without("topology.bolt.wait.progressive.level1.count", .int, 1, noSpinning),
        .without("topology.bolt.wait.progressive.level2.count", .int, 1000, noSpinning),
        .without("topology.bolt.wait.progressive.level3.sleep.millis", .number, 1, noSpinning),
        .without(
            "topology.backpressure.wait.strategy", .string,
            "org.apache.storm.policy.WaitStrategyProgressive", noSpinning
        ),
        .without("topology.backpressure.wait.park.microsec", .number, 100, noSpinning),
        .without("topology.backpressure.wait.progressive.level1.count", .int, 1, noSpinning),
        .without("topology.backpressure.wait.progressive.level2.count", .int, 1000, noSpinning),
        .without("topology.backpressure.wait.progressive.level3.sleep.millis", .number, 1, noSpinning),
    ]
}
