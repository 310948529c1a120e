extension Thrift {
    /// A topology of that name runs already.
    package struct AlreadyAliveException: ThriftException {
        package var msg: String = ""

        package init() {}

        package init(msg: String) {
            self.msg = msg
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "msg", \.msg)
        ]
    }

    /// No topology of that name or id.
    package struct NotAliveException: ThriftException {
        package var msg: String = ""

        package init() {}

        package init(msg: String) {
            self.msg = msg
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "msg", \.msg)
        ]
    }

    /// The caller may not do this.
    package struct AuthorizationException: ThriftException {
        package var msg: String = ""

        package init() {}

        package init(msg: String) {
            self.msg = msg
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "msg", \.msg)
        ]
    }

    /// The topology, or what is asked of it, is not valid.
    package struct InvalidTopologyException: ThriftException {
        package var msg: String = ""

        package init() {}

        package init(msg: String) {
            self.msg = msg
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "msg", \.msg)
        ]
    }

    /// No blob of that key.
    package struct KeyNotFoundException: ThriftException {
        package var msg: String = ""

        package init() {}

        package init(msg: String) {
            self.msg = msg
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "msg", \.msg)
        ]
    }

    /// A blob of that key exists.
    package struct KeyAlreadyExistsException: ThriftException {
        package var msg: String = ""

        package init() {}

        package init(msg: String) {
            self.msg = msg
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "msg", \.msg)
        ]
    }

    /// Not possible now: a live topology uses the blob.
    package struct IllegalStateException: ThriftException {
        package var msg: String = ""

        package init() {}

        package init(msg: String) {
            self.msg = msg
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "msg", \.msg)
        ]
    }
}
