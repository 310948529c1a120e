import StormThrift

/// Why a topology was not submitted, in the terms of the person who submits it.
package struct SubmissionError: Error, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable {
        let name: String
        /// The name breaks the rules of `TopologyName`.
        package static let badName = Code(name: "badName")
        /// A topology of that name is alive.
        package static let nameTaken = Code(name: "nameTaken")
        /// The topology, or its configuration, cannot run.
        package static let invalidTopology = Code(name: "invalidTopology")
        /// No nimbus was reached, or none leads.
        package static let nimbusUnavailable = Code(name: "nimbusUnavailable")
        /// The program to upload cannot be read.
        package static let file = Code(name: "file")
        package static let notAuthorized = Code(name: "notAuthorized")
        /// Nimbus answered with an error of its own.
        package static let nimbusFailed = Code(name: "nimbusFailed")
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var isRetriable: Bool { code == .nimbusUnavailable }
    package var description: String { message }

    /// Any error of the calls of a submission.
    package init(_ error: any Error) {
        switch error {
        case let error as SubmissionError: self = error
        case let error as Thrift.AlreadyAliveException: self.init(.nameTaken, error.msg, cause: error)
        case let error as Thrift.InvalidTopologyException: self.init(.invalidTopology, error.msg, cause: error)
        case let error as Thrift.AuthorizationException: self.init(.notAuthorized, error.msg, cause: error)
        case let error as DiskError: self.init(.file, error.description, cause: error)
        case let error as ThriftError where error.isRetriable:
            self.init(.nimbusUnavailable, error.message, cause: error)
        case let error as ThriftApplicationException where error.isNotLeader:
            self.init(.nimbusUnavailable, "nimbus: \(error)", cause: error)
        default: self.init(.nimbusFailed, "nimbus: \(error)", cause: error)
        }
    }
}
