extension Thrift {
    /// A request to be computed. Both fields are empty when nothing is queued.
    package struct DRPCRequest: ThriftStruct {
        package var funcArgs: String = ""
        package var requestID: String = ""

        package init() {}

        package init(funcArgs: String, requestID: String) {
            self.funcArgs = funcArgs
            self.requestID = requestID
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "func_args", \.funcArgs),
            .required(2, "request_id", \.requestID),
        ]
    }

    /// Why a DRPC request failed.
    package enum DRPCExceptionType: Int32, ThriftEnum {
        case internalError = 0
        case serverShutdown = 1
        case serverTimeout = 2
        case failedRequest = 3
    }

    /// A DRPC request failed.
    package struct DRPCExecutionException: ThriftException {
        package var msg: String = ""
        package var type: DRPCExceptionType?

        package init() {}

        package init(msg: String, type: DRPCExceptionType? = nil) {
            self.msg = msg
            self.type = type
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "msg", \.msg),
            .optional(2, "type", \.type),
        ]
    }
}
