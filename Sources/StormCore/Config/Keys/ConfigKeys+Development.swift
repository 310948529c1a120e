extension ConfigKeys {
    /// Keys of `storm dev`; all are our own.
    static let development: [ConfigKeyInfo] = [
        .int("storm.dev.supervisors", 1, must: .between(0, 64), "supervisors that storm dev starts (own key)"),
        .int("storm.dev.slots", 4, must: .between(1, 256), "slots of each supervisor of storm dev (own key)"),
        .int(
            "storm.dev.java.heap.mb", 128, must: .atLeast(32), unit: .megabytes,
            "memory of the ZooKeeper that storm dev starts (own key)"
        ),
    ]
}
