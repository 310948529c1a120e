import StormThrift
import Testing

/// Structs that only Storm's own daemons send, and their methods.
@Suite struct ForeignDaemonTypesTests {
    private func roundTrip<Value: ThriftValue>(_ value: Value) throws -> Bool {
        var writer = ThriftWriter()
        value.write(to: &writer)
        var reader = ThriftReader(bytes: writer.bytes)
        return try Value(from: &reader) == value && reader.bytesLeft == 0
    }

    @Test func anExecutorAsAKeyIsAListOfTwoNumbers() throws {
        var writer = ThriftWriter()
        [Thrift.TaskSpan(first: 1, last: 2): Thrift.NodeInfo(node: "n", ports: [6700])].write(to: &writer)
        #expect(
            writer.bytes
                == bytes(
                    hex: """
                        0f 0c 00000001   0a 00000002 0000000000000001 0000000000000002
                        0b 0001 00000001 6e   0e 0002 0a 00000001 0000000000001a2c   00
                        """))
        var short = ThriftWriter()
        [Int64(1)].write(to: &short)
        #expect("one number") {
            var reader = ThriftReader(bytes: short.bytes)
            _ = try Thrift.TaskSpan(from: &reader)
        } throws: { ($0 as? ThriftError)?.code == .malformed }
    }

    @Test func everyFieldComesBack() throws {
        let node = Thrift.NodeInfo(node: "n", ports: [6700, 6701])
        var resources = Thrift.WorkerResources()
        resources.memOnHeapMB = 1
        resources.cpuPercent = 3
        resources.sharedResources = ["a": 5]
        var assignment = Thrift.Assignment()
        assignment.masterCodeDir = "/code"
        assignment.nodeHost = ["n": "h"]
        assignment.executorNodePort = [.init(first: 1, last: 2): node, .init(first: 3, last: 3): node]
        assignment.executorStartTimeSecs = [.init(first: 1, last: 2): 9]
        assignment.workerResources = [node: resources]
        assignment.totalSharedOffHeap = ["n": 1.5]
        assignment.owner = "ann"
        #expect(try roundTrip(Thrift.SupervisorAssignments(stormAssignment: ["wc-1-1": assignment])))
        #expect(try roundTrip(Thrift.ProfileRequest(nodeInfo: node, action: .restart, timeStamp: 7)))
        let beat = Thrift.SupervisorWorkerHeartbeat(
            topologyID: "wc-1-1", executors: [.init(taskStart: 1, taskEnd: 2)], timeSecs: 1 << 40)
        #expect(try roundTrip(Thrift.SupervisorWorkerHeartbeats(supervisorID: "n", workerHeartbeats: [beat])))
        var point = Thrift.WorkerMetricPoint()
        point.metricName = "m"
        point.metricValue = 0.5
        var metrics = Thrift.WorkerMetrics()
        metrics.topologyID = "wc-1-1"
        metrics.port = 6700
        metrics.metricList = .init(metrics: [point])
        #expect(try roundTrip(metrics))
    }

    @Test func theOrderOfKeysIgnoresTheOrderOfPorts() {
        let (low, high) = (Thrift.NodeInfo(node: "n", ports: [2, 1]), Thrift.NodeInfo(node: "n", ports: [3]))
        #expect(low < high && !(high < low) && low == Thrift.NodeInfo(node: "n", ports: [1, 2]))
    }
}
