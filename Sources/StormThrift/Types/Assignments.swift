extension Thrift {
    /// A slot, or several of one supervisor; in practice one port. `node` is a supervisor's id, in a `ProfileRequest` a
    /// host. Also used as a map key.
    package struct NodeInfo: ThriftStruct, ThriftKey {
        package var node: String = ""
        package var ports: Set<Int64> = []

        package init() {}

        package init(node: String, ports: Set<Int64>) {
            self.node = node
            self.ports = ports
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "node", \.node),
            .required(2, "port", \.ports),
        ]

        package static func < (a: Self, b: Self) -> Bool {
            if a.node != b.node { return a.node < b.node }
            return a.ports.sorted().lexicographicallyPrecedes(b.ports.sorted())
        }
    }

    /// The first and the last task of an executor, a list of two numbers on the wire. Used as a map key.
    package struct TaskSpan: ThriftKey {
        package var first: Int64
        package var last: Int64

        package init(first: Int64, last: Int64) {
            self.first = first
            self.last = last
        }

        package static var thriftType: ThriftType { .list }

        /// - Throws: `malformed` when the list has not exactly two numbers.
        package init(from reader: inout ThriftReader) throws {
            let ends = try [Int64](from: &reader)
            guard ends.count == 2 else {
                throw ThriftError(.malformed, "an executor is two task ids, not \(ends.count)")
            }
            self.init(first: ends[0], last: ends[1])
        }

        package func write(to writer: inout ThriftWriter) { [first, last].write(to: &writer) }

        package static func < (a: Self, b: Self) -> Bool { (a.first, a.last) < (b.first, b.last) }
    }

    /// What resource-aware scheduling gives a worker.
    package struct WorkerResources: ThriftStruct {
        package var memOnHeapMB: Double?
        package var memOffHeapMB: Double?
        package var cpuPercent: Double?
        package var sharedMemOnHeapMB: Double?
        package var sharedMemOffHeapMB: Double?
        package var resources: [String: Double]?
        package var sharedResources: [String: Double]?

        package init() {}

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "mem_on_heap", \.memOnHeapMB),
            .optional(2, "mem_off_heap", \.memOffHeapMB),
            .optional(3, "cpu", \.cpuPercent),
            .optional(4, "shared_mem_on_heap", \.sharedMemOnHeapMB),
            .optional(5, "shared_mem_off_heap", \.sharedMemOffHeapMB),
            .optional(6, "resources", \.resources),
            .optional(7, "shared_resources", \.sharedResources),
        ]
    }

    /// Where the executors of a topology run. Absent maps are empty ones.
    package struct Assignment: ThriftStruct {
        package var masterCodeDir: String = ""
        /// Supervisor id to host.
        package var nodeHost: [String: String]?
        package var executorNodePort: [TaskSpan: NodeInfo]?
        package var executorStartTimeSecs: [TaskSpan: Int64]?
        package var workerResources: [NodeInfo: WorkerResources]?
        package var totalSharedOffHeap: [String: Double]?
        package var owner: String?

        package init() {}

        package static let fields: [ThriftField<Self>] = [
            .required(1, "master_code_dir", \.masterCodeDir),
            .optional(2, "node_host", \.nodeHost),
            .optional(3, "executor_node_port", \.executorNodePort),
            .optional(4, "executor_start_time_secs", \.executorStartTimeSecs),
            .optional(5, "worker_resources", \.workerResources),
            .optional(6, "total_shared_off_heap", \.totalSharedOffHeap),
            .optional(7, "owner", \.owner),
        ]
    }

    /// What one supervisor runs, by topology id.
    package struct SupervisorAssignments: ThriftStruct {
        package var stormAssignment: [String: Assignment]?

        package init() {}

        package init(stormAssignment: [String: Assignment]?) { self.stormAssignment = stormAssignment }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "storm_assignment", \.stormAssignment)
        ]
    }
}
