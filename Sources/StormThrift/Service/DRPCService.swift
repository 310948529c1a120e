/// What a DRPC server offers to clients (port 3772): Storm's service `DistributedRPC`.
package protocol DRPCService: Sendable {
    /// Runs a function and waits for its result.
    /// - Throws: `Thrift.DRPCExecutionException`, `Thrift.AuthorizationException`.
    func execute(functionName: String, arguments: String) async throws -> String
}

/// What a DRPC server offers to the topologies that compute (port 3773): Storm's service `DistributedRPCInvocations`.
package protocol DRPCInvocationsService: Sendable {
    /// Delivers a result; nothing happens when nobody waits for it any more.
    func result(id: String, result: String) async throws
    /// Takes the next request for a function; both its fields are empty when there is none.
    func fetchRequest(functionName: String) async throws -> Thrift.DRPCRequest
    /// Fails a request without a reason.
    func failRequest(id: String) async throws
    /// Fails a request with a reason.
    func failRequestV2(id: String, error: Thrift.DRPCExecutionException) async throws
}

/// The methods of both DRPC services.
package enum DRPCCalls {
    package static let execute = ThriftCall<String, String, String>(
        "execute", throws: [.init(1, Thrift.DRPCExecutionException.self), .authorization(2)])
    package static let result = ThriftCall<ThriftVoid, String, String>("result", throws: [.authorization(1)])
    package static let fetchRequest = ThriftCall<Thrift.DRPCRequest, String>(
        "fetchRequest", throws: [.authorization(1)])
    package static let failRequest = ThriftCall<ThriftVoid, String>("failRequest", throws: [.authorization(1)])
    package static let failRequestV2 = ThriftCall<ThriftVoid, String, Thrift.DRPCExecutionException>(
        "failRequestV2", throws: [.authorization(1)])
}

extension ThriftProcessor {
    /// Serves DRPC clients.
    package static func drpc(_ service: any DRPCService, limits: ThriftLimits = ThriftLimits()) -> ThriftProcessor {
        ThriftProcessor(service: service, methods: executionMethods, limits: limits)
    }

    /// Serves the topologies that compute DRPC functions.
    package static func drpcInvocations(
        _ service: any DRPCInvocationsService, limits: ThriftLimits = ThriftLimits()
    ) -> ThriftProcessor {
        ThriftProcessor(service: service, methods: invocationMethods, limits: limits)
    }
}

private let executionMethods: ThriftMethodTable<any DRPCService> = {
    var table = ThriftMethodTable<any DRPCService>()
    table.add(DRPCCalls.execute) { try await $0.execute(functionName: $1, arguments: $2) }
    return table
}()

private let invocationMethods: ThriftMethodTable<any DRPCInvocationsService> = {
    var table = ThriftMethodTable<any DRPCInvocationsService>()
    table.add(DRPCCalls.result) { try await $0.result(id: $1, result: $2) }
    table.add(DRPCCalls.fetchRequest) { try await $0.fetchRequest(functionName: $1) }
    table.add(DRPCCalls.failRequest) { try await $0.failRequest(id: $1) }
    table.add(DRPCCalls.failRequestV2) { try await $0.failRequestV2(id: $1, error: $2) }
    return table
}()
