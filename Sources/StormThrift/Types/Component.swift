extension Thrift {
    /// What spouts and bolts have in common: subscriptions, declared streams, parallelism, configuration.
    package struct ComponentCommon: ThriftStruct {
        package var inputs: [GlobalStreamId: Grouping] = [:]
        package var streams: [String: StreamInfo] = [:]
        /// The number of executors; unset means 1.
        package var parallelismHint: Int32?
        /// The component's own configuration: the text of a JSON object.
        package var jsonConf: String?

        package init() {}

        package init(
            inputs: [GlobalStreamId: Grouping], streams: [String: StreamInfo], parallelismHint: Int32? = nil,
            jsonConf: String? = nil
        ) {
            self.inputs = inputs
            self.streams = streams
            self.parallelismHint = parallelismHint
            self.jsonConf = jsonConf
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "inputs", \.inputs),
            .required(2, "streams", \.streams),
            .optional(3, "parallelism_hint", \.parallelismHint),
            .optional(4, "json_conf", \.jsonConf),
        ]
    }

    /// A declared output stream: its fields in order, and whether the emitter picks the receiving task.
    package struct StreamInfo: ThriftStruct {
        package var outputFields: [String] = []
        package var direct: Bool = false

        package init() {}

        package init(outputFields: [String], direct: Bool) {
            self.outputFields = outputFields
            self.direct = direct
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "output_fields", \.outputFields),
            .required(2, "direct", \.direct),
        ]
    }

    /// A stream of one component; also used as a map key.
    package struct GlobalStreamId: ThriftStruct, ThriftKey {
        package var componentID: String = ""
        package var streamID: String = ""

        package init() {}

        package init(componentID: String, streamID: String) {
            self.componentID = componentID
            self.streamID = streamID
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "componentId", \.componentID),
            .required(2, "streamId", \.streamID),
        ]

        package static func < (a: Self, b: Self) -> Bool {
            (a.componentID, a.streamID) < (b.componentID, b.streamID)
        }
    }

    /// The code of a component, in one of three forms.
    package enum ComponentObject: ThriftUnion {
        /// A Java-serialised object: only a JVM could run it.
        case serializedJava(ThriftBinary)
        /// A multilang child process.
        case shell(ShellComponent)
        /// A class with constructor arguments.
        case javaObject(JavaObject)

        package static let members: [ThriftMember<Self>] = [
            .init(1, "serialized_java", Self.serializedJava) {
                if case .serializedJava(let value) = $0 { value } else { nil }
            },
            .init(2, "shell", Self.shell) { if case .shell(let value) = $0 { value } else { nil } },
            .init(3, "java_object", Self.javaObject) { if case .javaObject(let value) = $0 { value } else { nil } },
        ]
    }

    /// A component run as a child process that speaks the multilang protocol. streamparse puts flags in `script`.
    package struct ShellComponent: ThriftStruct {
        package var executionCommand: String?
        package var script: String?

        package init() {}

        package init(executionCommand: String? = nil, script: String? = nil) {
            self.executionCommand = executionCommand
            self.script = script
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "execution_command", \.executionCommand),
            .optional(2, "script", \.script),
        ]
    }
}
