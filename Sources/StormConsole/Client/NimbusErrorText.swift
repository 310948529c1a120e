import StormThrift

/// Says what a failed call of a nimbus means to a person at a prompt.
package enum NimbusErrorText {
    package static func text(_ error: any Error) -> String {
        switch error {
        case let error as Thrift.NotAliveException:
            "there is no such topology (\(error.msg)); storm list shows those that run"
        case let error as Thrift.AlreadyAliveException:
            "a topology of that name runs already (\(error.msg)); kill it first or choose another name"
        case let error as Thrift.AuthorizationException: "not allowed: \(error.msg)"
        case let error as Thrift.InvalidTopologyException: "the topology is not valid: \(error.msg)"
        case let error as any ThriftException: error.msg
        // What nimbus itself says is a sentence; the other kinds are words about the protocol.
        case let error as ThriftApplicationException where error.kind == .internalError && !error.message.isEmpty:
            error.message
        case let error as ThriftApplicationException: "nimbus answered with an error: \(error)"
        case let error as ThriftError: error.message
        case is CancellationError: "interrupted before nimbus answered; the command may have been carried out"
        default: "\(error)"
        }
    }
}
