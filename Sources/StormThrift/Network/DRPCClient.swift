/// Calls a DRPC server, from outside or from a topology: which of the two sets of methods answers depends on the port.
/// Close `connection` when done.
package struct DRPCClient: DRPCService, DRPCInvocationsService {
    package let connection: ThriftConnection
    /// The deadline of each call. Storm lets a request run 600 s (`drpc.request.timeout.secs`).
    package let callTimeout: Duration

    package init(connection: ThriftConnection, callTimeout: Duration = .seconds(600)) {
        self.connection = connection
        self.callTimeout = callTimeout
    }

    package func execute(functionName: String, arguments: String) async throws -> String {
        try await connection.call(DRPCCalls.execute, functionName, arguments, timeout: callTimeout)
    }

    package func result(id: String, result: String) async throws {
        _ = try await connection.call(DRPCCalls.result, id, result, timeout: callTimeout)
    }

    package func fetchRequest(functionName: String) async throws -> Thrift.DRPCRequest {
        try await connection.call(DRPCCalls.fetchRequest, functionName, timeout: callTimeout)
    }

    package func failRequest(id: String) async throws {
        _ = try await connection.call(DRPCCalls.failRequest, id, timeout: callTimeout)
    }

    package func failRequestV2(id: String, error: Thrift.DRPCExecutionException) async throws {
        _ = try await connection.call(DRPCCalls.failRequestV2, id, error, timeout: callTimeout)
    }
}
