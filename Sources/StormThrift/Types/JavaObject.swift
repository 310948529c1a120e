extension Thrift {
    /// A class name with constructor arguments, as Flux describes components.
    package struct JavaObject: ThriftStruct {
        package var fullClassName: String = ""
        package var argsList: [JavaObjectArg] = []

        package init() {}

        package init(fullClassName: String, argsList: [JavaObjectArg]) {
            self.fullClassName = fullClassName
            self.argsList = argsList
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "full_class_name", \.fullClassName),
            .required(2, "args_list", \.argsList),
        ]
    }

    /// One constructor argument of a `JavaObject`.
    package enum JavaObjectArg: ThriftUnion {
        case intArg(Int32)
        case longArg(Int64)
        case stringArg(String)
        case boolArg(Bool)
        case binaryArg(ThriftBinary)
        case doubleArg(Double)

        package static let members: [ThriftMember<Self>] = [
            .init(1, "int_arg", Self.intArg) { if case .intArg(let value) = $0 { value } else { nil } },
            .init(2, "long_arg", Self.longArg) { if case .longArg(let value) = $0 { value } else { nil } },
            .init(3, "string_arg", Self.stringArg) { if case .stringArg(let value) = $0 { value } else { nil } },
            .init(4, "bool_arg", Self.boolArg) { if case .boolArg(let value) = $0 { value } else { nil } },
            .init(5, "binary_arg", Self.binaryArg) { if case .binaryArg(let value) = $0 { value } else { nil } },
            .init(6, "double_arg", Self.doubleArg) { if case .doubleArg(let value) = $0 { value } else { nil } },
        ]
    }
}
