internal import CZooKeeper

/// Runs `body` with the C form of an access control list; valid only inside it (the library serialises it at once).
func withNativeACL<Value>(_ acl: [AccessControl], _ body: (UnsafeMutablePointer<ACL_vector>) -> Value) -> Value {
    let strings = acl.map { (scheme: makeCString($0.scheme), id: makeCString($0.id)) }
    defer {
        for string in strings {
            string.scheme.deallocate()
            string.id.deallocate()
        }
    }
    var entries = zip(acl, strings).map { entry, strings in
        ACL(perms: entry.permissions.rawValue, id: Id(scheme: strings.scheme, id: strings.id))
    }
    return entries.withUnsafeMutableBufferPointer { buffer in
        var vector = ACL_vector(count: Int32(buffer.count), data: buffer.baseAddress)
        return body(&vector)
    }
}

/// A zero-terminated copy that the caller deallocates.
func makeCString(_ string: String) -> UnsafeMutablePointer<CChar> {
    let bytes = string.utf8CString
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
    _ = copy.initialize(from: bytes)
    return copy.baseAddress!
}
