extension Thrift {
    /// A topology as clients submit it: components by id. Ids are unique over spouts, bolts and state spouts together.
    /// The number of workers is not here but in the configuration sent beside it.
    package struct StormTopology: ThriftStruct {
        package var spouts: [String: SpoutSpec] = [:]
        package var bolts: [String: Bolt] = [:]
        package var stateSpouts: [String: StateSpoutSpec] = [:]
        package var workerHooks: [ThriftBinary]?
        package var dependencyJars: [String]?
        package var dependencyArtifacts: [String]?
        package var stormVersion: String?
        package var jdkVersion: String?
        package var componentToSharedMemory: [String: Set<String>]?
        package var sharedMemory: [String: SharedMemory]?

        package init() {}

        package init(
            spouts: [String: SpoutSpec], bolts: [String: Bolt], stateSpouts: [String: StateSpoutSpec],
            workerHooks: [ThriftBinary]? = nil, dependencyJars: [String]? = nil, dependencyArtifacts: [String]? = nil,
            stormVersion: String? = nil, jdkVersion: String? = nil,
            componentToSharedMemory: [String: Set<String>]? = nil, sharedMemory: [String: SharedMemory]? = nil
        ) {
            self.spouts = spouts
            self.bolts = bolts
            self.stateSpouts = stateSpouts
            self.workerHooks = workerHooks
            self.dependencyJars = dependencyJars
            self.dependencyArtifacts = dependencyArtifacts
            self.stormVersion = stormVersion
            self.jdkVersion = jdkVersion
            self.componentToSharedMemory = componentToSharedMemory
            self.sharedMemory = sharedMemory
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "spouts", \.spouts),
            .required(2, "bolts", \.bolts),
            .required(3, "state_spouts", \.stateSpouts),
            .optional(4, "worker_hooks", \.workerHooks),
            .optional(5, "dependency_jars", \.dependencyJars),
            .optional(6, "dependency_artifacts", \.dependencyArtifacts),
            .optional(7, "storm_version", \.stormVersion),
            .optional(8, "jdk_version", \.jdkVersion),
            .optional(9, "component_to_shared_memory", \.componentToSharedMemory),
            .optional(10, "shared_memory", \.sharedMemory),
        ]
    }

    /// A spout: its code and what every component has.
    package struct SpoutSpec: ThriftStruct {
        package var spoutObject: ComponentObject = .serializedJava([])
        package var common: ComponentCommon = ComponentCommon()

        package init() {}

        package init(spoutObject: ComponentObject, common: ComponentCommon) {
            self.spoutObject = spoutObject
            self.common = common
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "spout_object", \.spoutObject),
            .required(2, "common", \.common),
        ]
    }

    /// A bolt: its code and what every component has.
    package struct Bolt: ThriftStruct {
        package var boltObject: ComponentObject = .serializedJava([])
        package var common: ComponentCommon = ComponentCommon()

        package init() {}

        package init(boltObject: ComponentObject, common: ComponentCommon) {
            self.boltObject = boltObject
            self.common = common
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "bolt_object", \.boltObject),
            .required(2, "common", \.common),
        ]
    }

    /// A state spout: on the wire for old clients, run by nobody.
    package struct StateSpoutSpec: ThriftStruct {
        package var stateSpoutObject: ComponentObject = .serializedJava([])
        package var common: ComponentCommon = ComponentCommon()

        package init() {}

        package init(stateSpoutObject: ComponentObject, common: ComponentCommon) {
            self.stateSpoutObject = stateSpoutObject
            self.common = common
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "state_spout_object", \.stateSpoutObject),
            .required(2, "common", \.common),
        ]
    }

    /// Memory that several components share, for resource-aware scheduling.
    package struct SharedMemory: ThriftStruct {
        package var name: String = ""
        package var onHeapMB: Double?
        package var offHeapWorkerMB: Double?
        package var offHeapNodeMB: Double?

        package init() {}

        package init(
            name: String, onHeapMB: Double? = nil, offHeapWorkerMB: Double? = nil, offHeapNodeMB: Double? = nil
        ) {
            self.name = name
            self.onHeapMB = onHeapMB
            self.offHeapWorkerMB = offHeapWorkerMB
            self.offHeapNodeMB = offHeapNodeMB
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "name", \.name),
            .optional(2, "on_heap", \.onHeapMB),
            .optional(3, "off_heap_worker", \.offHeapWorkerMB),
            .optional(4, "off_heap_node", \.offHeapNodeMB),
        ]
    }
}
