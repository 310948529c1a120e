extension ConfigKeys {
    static let topologyQueues: [ConfigKeyInfo] = [
        .without("topology.executor.receive.buffer.size", .int, 32768, ownQueues),
        .without("topology.transfer.buffer.size", .int, 1000, ownQueues),
        .without("topology.transfer.batch.size", .int, 1, ownQueues),
        .without("topology.producer.batch.size", .int, 1, ownQueues),
        .without("topology.producer.batch.dynamic", .bool, false, noSpinning),
        .without("topology.batch.flush.interval.millis", .int, 1, ownQueues),
        .without("topology.executor.overflow.limit", .int, 0, ownQueues),
        .without("topology.backpressure.check.millis", .int, 50, ownQueues),
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
